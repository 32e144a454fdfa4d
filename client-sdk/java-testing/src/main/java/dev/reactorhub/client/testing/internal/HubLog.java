package dev.reactorhub.client.testing.internal;

import com.google.protobuf.Timestamp;
import dev.reactorhub.client.testing.Refusal;
import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.Gap;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.Start;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The events of the fake hub. Guarded by the lock of {@link FakeHubState}. */
final class HubLog {
  /** 2026-01-01T00:00:00Z. The fake hub's clock shows one second more with each event. */
  private static final long CLOCK_START_SECONDS = 1_767_225_600;

  private static final Pattern POSITION = Pattern.compile("([^.]+)\\.(\\d{1,18})");

  private int life = 1;
  private final List<Event> events = new ArrayList<>();
  private final Map<String, Event> byId = new HashMap<>();

  /** The seq before the oldest event kept. */
  private long earliest;

  /** What came of storing an event. */
  record Stored(Event event, boolean isDuplicate) {}

  /** Where a reader begins, and what is missing before. */
  record Place(long seq, @Nullable Gap gap) {}

  Stored append(NewEvent draft) {
    Event known = draft.getId().isEmpty() ? null : byId.get(draft.getId());
    if (known != null) {
      return new Stored(known, true);
    }
    long seq = head() + 1;
    Event event =
        Event.newBuilder()
            .setId(draft.getId().isEmpty() ? "fake-" + seq : draft.getId())
            .setType(draft.getType())
            .setChannel(draft.getChannel().isEmpty() ? "default" : draft.getChannel())
            .setSource(draft.getSource().isEmpty() ? "system" : draft.getSource())
            .setTimestamp(draft.hasTimestamp() ? draft.getTimestamp() : storedAt(seq))
            .setDataJson(draft.getDataJson().isEmpty() ? "{}" : draft.getDataJson())
            .setTraceparent(draft.getTraceparent())
            .setSeq(seq)
            .setPosition(position(seq))
            .build();
    events.add(event);
    byId.put(event.getId(), event);
    return new Stored(event, false);
  }

  private static Timestamp storedAt(long seq) {
    return Timestamp.newBuilder().setSeconds(CLOCK_START_SECONDS + seq).build();
  }

  String epoch() {
    return "fake" + life;
  }

  String position(long seq) {
    return epoch() + "." + seq;
  }

  long head() {
    return events.size();
  }

  long earliest() {
    return earliest;
  }

  /** The event at a place that is kept. */
  Event at(long seq) {
    return events.get((int) seq - 1);
  }

  List<Event> kept() {
    return List.copyOf(events.subList((int) earliest, events.size()));
  }

  /** Forgets the events up to this one. */
  void trim(long seq) {
    earliest = Math.max(earliest, Math.min(seq, head()));
  }

  /** Begins another log, without any event. */
  void recreate() {
    life++;
    events.clear();
    byId.clear();
    earliest = 0;
  }

  Place place(Start start) {
    return switch (start.getAtCase()) {
      case AFTER -> after(start.getAfter());
      case EARLIEST -> new Place(earliest, null);
      case SINCE -> new Place(before(start.getSince()), null);
      case LATEST, AT_NOT_SET -> new Place(head(), null);
    };
  }

  private long before(Timestamp since) {
    // An event stored at the very moment counts: its seq is that of the whole second, rounded up.
    long seconds = since.getSeconds() + (since.getNanos() > 0 ? 1 : 0);
    return Math.max(earliest, Math.min(head(), seconds - CLOCK_START_SECONDS - 1));
  }

  Place after(String position) {
    var matcher = POSITION.matcher(position);
    if (!matcher.matches()) {
      throw HubErrors.of(Refusal.of("invalid_position"));
    }
    if (!matcher.group(1).equals(epoch())) {
      return new Place(earliest, gap(position, "epoch_unknown"));
    }
    long seq = Long.parseLong(matcher.group(2));
    if (seq > head()) {
      throw HubErrors.of(Refusal.of("position_in_future"));
    }
    return seq < earliest
        ? new Place(earliest, gap(position, "position_expired"))
        : new Place(seq, null);
  }

  Gap gap(String from, String reason) {
    return Gap.newBuilder().setFrom(from).setTo(position(earliest)).setReason(reason).build();
  }

  static boolean matches(Filter filter, Event event) {
    boolean hasType =
        filter.getTypesCount() == 0 || filter.getTypesList().contains(event.getType());
    boolean hasChannel =
        filter.getChannelsCount() == 0
            ? event.getChannel().equals("default")
            : filter.getChannelsList().stream().anyMatch(one -> matches(one, event.getChannel()));
    return hasType && hasChannel;
  }

  private static boolean matches(String pattern, String channel) {
    String[] wanted = pattern.split("\\.", -1);
    String[] tokens = channel.split("\\.", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (i >= tokens.length) {
        return false;
      }
      if (wanted[i].equals(">")) {
        return true;
      }
      if (!wanted[i].equals("*") && !wanted[i].equals(tokens[i])) {
        return false;
      }
    }
    return wanted.length == tokens.length;
  }
}
