package dev.reactorhub.client.testing.internal;

import dev.reactorhub.client.testing.ConsumerRecord;
import dev.reactorhub.client.testing.Rejection;
import dev.reactorhub.v1.Consumer;
import dev.reactorhub.v1.ConsumerDefinition;
import dev.reactorhub.v1.ConsumerMode;
import dev.reactorhub.v1.Delivery;
import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.Gap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A durable consumer. Guarded by the lock of {@link FakeHubState}. */
final class FakeConsumer {
  private static final int ATTEMPTS_MAX = 5;

  private final String name;
  private final ConsumerDefinition definition;
  private final HubLog log;
  private long cursor;
  private @Nullable Gap gap;

  private final List<ConsumeStream> streams = new ArrayList<>();
  private final Set<Long> acknowledged = new LinkedHashSet<>();
  private final Set<Long> parked = new LinkedHashSet<>();
  private final Map<Long, Integer> failures = new HashMap<>();
  private final List<Rejection> rejections = new ArrayList<>();

  /** Which stream has which event, by seq. */
  private final TreeMap<Long, ConsumeStream> outstanding = new TreeMap<>();

  private int extensions;

  FakeConsumer(String name, ConsumerDefinition wanted, HubLog.Place place, HubLog log) {
    this.name = name;
    this.log = log;
    this.cursor = place.seq();
    this.gap = place.gap();
    this.definition = withDefaults(name, wanted);
  }

  private static ConsumerDefinition withDefaults(String name, ConsumerDefinition wanted) {
    ConsumerDefinition.Builder full = wanted.toBuilder();
    if (full.getAttemptsMax() == 0) {
      full.setAttemptsMax(ATTEMPTS_MAX);
    }
    if (full.getDeadLetterChannel().isEmpty()) {
      full.setDeadLetterChannel("dead-letter." + name);
    }
    if (full.getMode() == ConsumerMode.CONSUMER_MODE_UNSPECIFIED) {
      full.setMode(ConsumerMode.CONSUMER_MODE_SHARED);
    }
    return full.build();
  }

  boolean isTheSameAs(ConsumerDefinition other) {
    return definition.equals(withDefaults(name, other));
  }

  ConsumerDefinition definition() {
    return definition;
  }

  private boolean isExclusive() {
    return definition.getMode() == ConsumerMode.CONSUMER_MODE_EXCLUSIVE;
  }

  boolean isActive(ConsumeStream stream) {
    return !isExclusive() || (!streams.isEmpty() && streams.get(0) == stream);
  }

  void join(ConsumeStream stream) {
    streams.add(stream);
  }

  @Nullable Gap gap() {
    return gap;
  }

  /** A stream is over; what it had goes to others. */
  void leave(ConsumeStream stream, boolean isFailure) {
    boolean wasActive = isActive(stream);
    streams.remove(stream);
    Set<String> failed = new HashSet<>();
    for (long seq : given(stream)) {
      outstanding.remove(seq);
      if (isFailure && failed.add(order(log.at(seq)))) {
        fail(seq, "the stream broke");
      }
    }
    if (isExclusive() && wasActive && !streams.isEmpty()) {
      streams.get(0).tellRole(true);
    }
  }

  private List<Long> given(ConsumeStream stream) {
    return outstanding.entrySet().stream()
        .filter(entry -> entry.getValue() == stream)
        .map(Map.Entry::getKey)
        .toList();
  }

  private String order(Event event) {
    return isExclusive() ? "" : event.getChannel();
  }

  /** Gives out what may be given out, to one stream after the other. */
  void serve() {
    moveCursor();
    boolean isAnyGiven = true;
    while (isAnyGiven) {
      isAnyGiven = false;
      for (ConsumeStream stream : List.copyOf(streams)) {
        isAnyGiven |= isActive(stream) && give(stream);
      }
    }
  }

  private boolean give(ConsumeStream stream) {
    if (given(stream).size() >= stream.credit()) {
      return false;
    }
    Set<String> blocked = new HashSet<>();
    for (long seq = cursor + 1; seq <= log.head(); seq++) {
      Event event = log.at(seq);
      if (!isWanted(event)) {
        continue;
      }
      ConsumeStream holder = outstanding.get(seq);
      if (holder == null && !blocked.contains(order(event))) {
        outstanding.put(seq, stream);
        int attempt = 1 + failures.getOrDefault(seq, 0);
        stream.give(Delivery.newBuilder().setEvent(event).setAttempt(attempt).build());
        return true;
      }
      if (holder != stream) {
        blocked.add(order(event));
      }
    }
    return false;
  }

  private boolean isWanted(Event event) {
    return HubLog.matches(definition.getFilter(), event)
        && !event.getChannel().equals(definition.getDeadLetterChannel())
        && !acknowledged.contains(event.getSeq())
        && !parked.contains(event.getSeq());
  }

  private void moveCursor() {
    while (cursor < log.earliest() || (cursor < log.head() && !isWanted(log.at(cursor + 1)))) {
      cursor++;
    }
  }

  void acknowledge(long seq) {
    outstanding.remove(seq);
    failures.remove(seq);
    acknowledged.add(seq);
    gap = null;
    moveCursor();
  }

  void acknowledgeThrough(ConsumeStream stream, long through) {
    given(stream).stream().filter(seq -> seq <= through).forEach(this::acknowledge);
  }

  void reject(ConsumeStream stream, long seq, Rejection rejection) {
    rejections.add(rejection);
    if (outstanding.get(seq) != stream) {
      return;
    }
    String order = order(log.at(seq));
    for (long later : given(stream)) {
      if (later >= seq && order(log.at(later)).equals(order)) {
        outstanding.remove(later);
      }
    }
    fail(seq, rejection.error());
    moveCursor();
  }

  /** One delivery failed; with the last one the event is parked. */
  private void fail(long seq, String error) {
    int count = failures.merge(seq, 1, Integer::sum);
    if (count >= definition.getAttemptsMax()) {
      parked.add(seq);
      String channel = definition.getDeadLetterChannel();
      var unused = log.append(DeadLetter.of(name, channel, log.at(seq), count, error));
    }
  }

  /** Every event given out has not been dealt with in time. */
  void expireDeadlines() {
    for (ConsumeStream stream : List.copyOf(streams)) {
      Set<String> failed = new HashSet<>();
      for (long seq : given(stream)) {
        outstanding.remove(seq);
        if (failed.add(order(log.at(seq)))) {
          fail(seq, "the deadline passed");
        }
      }
    }
    moveCursor();
  }

  void reset(HubLog.Place place) {
    cursor = place.seq();
    gap = place.gap();
    acknowledged.removeIf(seq -> seq > cursor);
    failures.clear();
    outstanding.clear();
  }

  void extended() {
    extensions++;
  }

  List<ConsumeStream> streams() {
    return List.copyOf(streams);
  }

  String position() {
    return log.position(cursor);
  }

  ConsumerRecord record() {
    return new ConsumerRecord(
        name,
        position(),
        List.copyOf(acknowledged),
        rejections,
        outstanding.size(),
        List.copyOf(parked),
        extensions,
        streams.size());
  }

  Consumer status() {
    long lag = 0;
    for (long seq = cursor + 1; seq <= log.head(); seq++) {
      lag += isWanted(log.at(seq)) ? 1 : 0;
    }
    Consumer.Builder status =
        Consumer.newBuilder()
            .setName(name)
            .setDefinition(definition)
            .setPosition(position())
            .setLagEvents(lag)
            .setOutstandingEvents(outstanding.size())
            .setAcknowledgedEvents(acknowledged.size())
            .setRedeliveredEvents(rejections.size())
            .setParkedEvents(parked.size());
    streams.forEach(stream -> status.addClientsBuilder().setActive(isActive(stream)));
    return status.build();
  }
}
