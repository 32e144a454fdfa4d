package dev.reactorhub.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.event.TypeRule;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Events and short ways to append and read them. */
public final class Events {
  /** No limit that a test would meet. */
  public static final ReadLimit PLENTY = new ReadLimit(1_000_000, 1L << 40);

  private static final Instant HAPPENED = Instant.parse("2026-01-01T00:00:00.123456789Z");

  private Events() {}

  /** An event of the default channel. */
  public static Event event(String id) {
    return event(id, "default");
  }

  /** An event of a channel. */
  public static Event event(String id, String channel) {
    return event(id, channel, "note");
  }

  /** An event of a channel and a type. */
  public static Event event(String id, String channel, String type) {
    return event(id, channel, type, "{\"id\":\"" + id + "\"}");
  }

  /** An event with data. */
  public static Event event(String id, String channel, String type, String data) {
    return new Event(
        id,
        new EventType(type),
        new Channel(channel),
        "system",
        HAPPENED,
        Json.ofValidated(data.getBytes(StandardCharsets.UTF_8)),
        null);
  }

  /** A filter of patterns, every type. */
  public static EventFilter channels(String... patterns) {
    return new EventFilter(
        Arrays.stream(patterns).map(ChannelPattern::new).collect(Collectors.toSet()), TypeRule.ALL);
  }

  /** Appends as one unit and waits; fails unless stored. */
  public static List<Appended> append(EventLog log, Event... events) {
    return switch (log.append(List.of(events)).join()) {
      case AppendResult.Stored(List<Appended> places) -> places;
      case AppendResult.Refused refused -> throw new AssertionError(refused.toString());
    };
  }

  /** Everything that matches after a place, over as many reads as it takes. */
  public static List<LogRecord> readAll(EventLog log, long afterSeq, EventFilter filter) {
    List<LogRecord> all = new ArrayList<>();
    long after = afterSeq;
    long head = log.range().head();
    while (after < head) {
      switch (log.read(after, filter, PLENTY)) {
        case ReadResult.Batch(List<LogRecord> records, long through, long _) -> {
          if (through <= after) {
            throw new AssertionError("no progress after " + after);
          }
          all.addAll(records);
          after = through;
        }
        case ReadResult.Trimmed trimmed -> throw new AssertionError(trimmed.toString());
      }
    }
    return all;
  }

  /** The ids of everything that matches after a place. */
  public static List<String> ids(EventLog log, long afterSeq, EventFilter filter) {
    return readAll(log, afterSeq, filter).stream().map(record -> record.event().id()).toList();
  }

  /** Requires a batch of these records that went through to a place. */
  public static void assertBatch(ReadResult result, long through, Long... seqs) {
    assertThat(result)
        .isInstanceOfSatisfying(
            ReadResult.Batch.class,
            batch -> {
              assertThat(batch.records()).extracting(LogRecord::seq).containsExactly(seqs);
              assertThat(batch.through()).isEqualTo(through);
            });
  }
}
