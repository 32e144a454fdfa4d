package dev.reactorhub.consumer;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.reactorhub.consumer.ConsumerInfo.Counts;
import dev.reactorhub.consumer.Definition.Mode;
import dev.reactorhub.consumer.LedgerState.Failure;
import dev.reactorhub.consumer.LedgerState.Stretch;
import dev.reactorhub.consumer.v1.StoredConsumer;
import dev.reactorhub.consumer.v1.StoredFailure;
import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.ConsumerName;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Position;
import dev.reactorhub.event.TypeRule;
import dev.reactorhub.log.LogFailedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that is stored of a consumer.
 *
 * @param position every matching event up to here is dealt with
 * @param ledger what is known beyond it; its floor is the seq of the position
 */
record ConsumerState(
    Definition definition,
    Instant createdAt,
    Position position,
    LedgerState ledger,
    Counts counts) {
  byte[] encode() {
    StoredConsumer.Builder stored =
        StoredConsumer.newBuilder()
            .setExclusive(definition.mode() == Mode.EXCLUSIVE)
            .setAttemptsMax(definition.attemptsMax())
            .setDeadLetters(definition.deadLetters().value())
            .setCreatedAtMillis(createdAt.toEpochMilli())
            .setPosition(position.toString())
            .setAcknowledged(counts.acknowledged())
            .setRedelivered(counts.redelivered())
            .setParked(counts.parked());
    definition.filter().channels().forEach(channel -> stored.addChannels(channel.value()));
    if (definition.filter().types() instanceof TypeRule.Only only) {
      only.types().forEach(type -> stored.addTypes(type.value()));
    }
    counts.acknowledgedAt().ifPresent(at -> stored.setAcknowledgedAtMillis(at.toEpochMilli()));
    long end = ledger.floor();
    for (Stretch stretch : ledger.done()) {
      stored.addDone(stretch.from() - end).addDone(stretch.through() - stretch.from());
      end = stretch.through();
    }
    for (Failure failure : ledger.failures()) {
      stored.addFailures(
          StoredFailure.newBuilder()
              .setSeq(failure.seq())
              .setCount(failure.count())
              .setError(failure.error()));
    }
    return stored.build().toByteArray();
  }

  /**
   * Reads what {@link #encode} wrote.
   *
   * @throws LogFailedException when it is damaged
   */
  static ConsumerState decode(ConsumerName name, byte[] bytes) {
    try {
      StoredConsumer stored = StoredConsumer.parseFrom(bytes);
      Position position = Position.parse(stored.getPosition()).orElseThrow();
      return new ConsumerState(
          definition(stored),
          Instant.ofEpochMilli(stored.getCreatedAtMillis()),
          position,
          ledger(stored, position.seq()),
          counts(stored));
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      throw new LogFailedException(
          "what is stored of the consumer " + name + " is damaged: restore the log", e);
    }
  }

  private static Definition definition(StoredConsumer stored) {
    Set<EventType> types =
        stored.getTypesList().stream().map(EventType::new).collect(Collectors.toSet());
    return new Definition(
        new EventFilter(
            stored.getChannelsList().stream().map(ChannelPattern::new).collect(Collectors.toSet()),
            types.isEmpty() ? TypeRule.ALL : new TypeRule.Only(types)),
        stored.getExclusive() ? Mode.EXCLUSIVE : Mode.SHARED,
        stored.getAttemptsMax(),
        new Channel(stored.getDeadLetters()));
  }

  private static LedgerState ledger(StoredConsumer stored, long floor) {
    List<Stretch> done = new ArrayList<>();
    long end = floor;
    for (int i = 0; i < stored.getDoneCount(); i += 2) {
      long from = end + stored.getDone(i);
      end = from + stored.getDone(i + 1);
      done.add(new Stretch(from, end));
    }
    List<Failure> failures =
        stored.getFailuresList().stream()
            .map(f -> new Failure(f.getSeq(), f.getCount(), f.getError()))
            .toList();
    return new LedgerState(floor, done, failures);
  }

  private static Counts counts(StoredConsumer stored) {
    long acknowledgedAt = stored.getAcknowledgedAtMillis();
    return new Counts(
        stored.getAcknowledged(),
        stored.getRedelivered(),
        stored.getParked(),
        acknowledgedAt == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(acknowledgedAt)));
  }
}
