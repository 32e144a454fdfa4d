package dev.reactorhub.grpc;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import dev.reactorhub.consumer.ConsumerInfo;
import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.consumer.Definition;
import dev.reactorhub.event.TypeRule;
import dev.reactorhub.log.AppendResult.Reason;
import dev.reactorhub.v1.Consumer;
import dev.reactorhub.v1.ConsumerClient;
import dev.reactorhub.v1.ConsumerDefinition;
import dev.reactorhub.v1.ConsumerMode;
import dev.reactorhub.v1.Credit;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.Opened;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Filters;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import java.time.Duration;
import java.time.Instant;

/** What clients are told of consumers. */
final class ConsumerMessages {
  private ConsumerMessages() {}

  static Opened opened(Consumers.Result.Opened opened, boolean isActive, Duration ackDeadline) {
    return Opened.newBuilder()
        .setPosition(opened.position().toString())
        .setCreated(opened.isNew())
        .setActive(isActive)
        .setDefinition(definition(opened.definition()))
        .setAckDeadline(Durations.fromNanos(ackDeadline.toNanos()))
        .build();
  }

  static Consumer consumer(ConsumerInfo info) {
    ConsumerInfo.Counts counts = info.counts();
    Consumer.Builder told =
        Consumer.newBuilder()
            .setName(info.name().value())
            .setDefinition(definition(info.definition()))
            .setCreatedAt(timestamp(info.createdAt()))
            .setPosition(info.position().toString())
            .setLagEvents(info.lag())
            .setOutstandingEvents(info.outstanding())
            .setRetryingEvents(info.retrying())
            .setAcknowledgedEvents(counts.acknowledged())
            .setRedeliveredEvents(counts.redelivered())
            .setParkedEvents(counts.parked());
    counts.acknowledgedAt().ifPresent(at -> told.setAcknowledgedAt(timestamp(at)));
    info.clients().forEach(client -> told.addClients(client(client)));
    return told.build();
  }

  private static ConsumerClient client(ConsumerInfo.Client client) {
    return ConsumerClient.newBuilder()
        .setAddress(client.address())
        .setActive(client.isActive())
        .setCredit(
            Credit.newBuilder().setEventsMax(client.eventsMax()).setBytesMax(client.bytesMax()))
        .setOutstandingEvents(client.outstanding())
        .setOutstandingBytes(client.outstandingBytes())
        .setOpenedAt(timestamp(client.openedAt()))
        .build();
  }

  private static ConsumerDefinition definition(Definition definition) {
    Filter.Builder filter = Filter.newBuilder();
    definition.filter().channels().stream()
        .sorted()
        .forEach(channel -> filter.addChannels(channel.value()));
    if (definition.filter().types() instanceof TypeRule.Only only) {
      only.types().stream().sorted().forEach(type -> filter.addTypes(type.value()));
    }
    return ConsumerDefinition.newBuilder()
        .setFilter(filter)
        .setMode(
            switch (definition.mode()) {
              case SHARED -> ConsumerMode.CONSUMER_MODE_SHARED;
              case EXCLUSIVE -> ConsumerMode.CONSUMER_MODE_EXCLUSIVE;
            })
        .setAttemptsMax(definition.attemptsMax())
        .setDeadLetterChannel(definition.deadLetters().value())
        .build();
  }

  /** What to answer when something could not be done; never called with what was. */
  static ProblemException problem(Consumers.Result result, String consumer) {
    return switch (result) {
      case Consumers.Result.NotFound notFound -> notFound(consumer);
      case Consumers.Result.Mismatch mismatch ->
          new ProblemException(
              ErrorCode.CONSUMER_MISMATCH,
              "the consumer \""
                  + consumer
                  + "\" exists with "
                  + mismatch.difference()
                  + ": open it as it is, or delete it first");
      case Consumers.Result.TooMany tooMany ->
          new ProblemException(
              Problem.of(
                  ErrorCode.TOO_MANY_CONSUMERS,
                  "at most " + tooMany.limit() + " consumers are kept: delete one first",
                  tooMany.limit()));
      case Consumers.Result.InFuture future -> Filters.inFuture(future.head());
      case Consumers.Result.Refused refused -> new ProblemException(refused(refused.reason()));
      case Consumers.Result.Opened opened -> throw new IllegalArgumentException(opened.toString());
      case Consumers.Result.Moved moved -> throw new IllegalArgumentException(moved.toString());
      case Consumers.Result.Deleted deleted ->
          throw new IllegalArgumentException(deleted.toString());
    };
  }

  static ProblemException notFound(String consumer) {
    return new ProblemException(
        ErrorCode.CONSUMER_NOT_FOUND, "there is no consumer \"" + consumer + "\"");
  }

  private static Problem refused(Reason reason) {
    return switch (reason) {
      case DISK_FULL ->
          Problem.of(ErrorCode.DISK_FULL, "the hub's disk is full: nothing was changed");
      case LOG_FAILED ->
          Problem.of(ErrorCode.LOG_UNAVAILABLE, "the hub's log failed: its operator must act");
      case LOG_CLOSED -> Problem.of(ErrorCode.GOING_AWAY, "the hub is shutting down");
    };
  }

  private static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }
}
