package dev.reactorhub.grpc;

import com.google.protobuf.util.Durations;
import dev.reactorhub.consumer.ConsumerSettings;
import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.consumer.Definition;
import dev.reactorhub.consumer.Definition.Mode;
import dev.reactorhub.event.ConsumerName;
import dev.reactorhub.event.InvalidNameException;
import dev.reactorhub.v1.ConsumerDefinition;
import dev.reactorhub.v1.Credit;
import dev.reactorhub.v1.Open;
import dev.reactorhub.wire.Drafts;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Filters;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import dev.reactorhub.wire.WireLimits;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes what {@link Consumers} understand of what clients sent, within the bounds. What breaks its
 * rule ends each method with a {@link ProblemException}, which names the field within the message.
 */
record ConsumeRequests(WireLimits limits, ConsumerSettings bounds) {
  private static final int ERROR_CHARS_MAX = 1_024;

  /** How much a client may have outstanding. */
  record Window(int eventsMax, long bytesMax) {}

  Consumers.Opening opening(Open open) {
    ConsumerName name = name("consumer", open.getConsumer());
    return new Consumers.Opening(
        name,
        open.hasDefinition()
            ? Optional.of(
                ProblemException.at("definition", () -> definition(name, open.getDefinition())))
            : Optional.empty(),
        ProblemException.at("start", () -> HubCalls.start(open.getStart())),
        open.hasAckDeadline() ? ackDeadline(open.getAckDeadline()) : bounds.ackDeadline());
  }

  static ConsumerName name(String field, String text) {
    try {
      return new ConsumerName(text);
    } catch (InvalidNameException e) {
      throw new ProblemException(
          Problem.of(ErrorCode.INVALID_NAME, String.valueOf(e.getMessage())).at(field));
    }
  }

  private Definition definition(ConsumerName name, ConsumerDefinition sent) {
    int attempts = sent.getAttemptsMax();
    if (attempts < 0 || attempts > bounds.attemptsMax()) {
      throw invalidLimit(
          "attempts_max",
          "attempts_max must be 1 to " + bounds.attemptsMax() + ", or 0 for the default",
          bounds.attemptsMax());
    }
    return new Definition(
        ProblemException.at(
            "filter",
            () ->
                Filters.of(
                    sent.getFilter().getChannelsList(), sent.getFilter().getTypesList(), limits)),
        mode(sent),
        attempts == 0 ? bounds.attempts() : attempts,
        sent.getDeadLetterChannel().isEmpty()
            ? Definition.deadLettersOf(name)
            : ProblemException.at(
                "dead_letter_channel", () -> Drafts.channel(sent.getDeadLetterChannel())));
  }

  private static Mode mode(ConsumerDefinition sent) {
    return switch (sent.getMode()) {
      case CONSUMER_MODE_UNSPECIFIED, CONSUMER_MODE_SHARED -> Mode.SHARED;
      case CONSUMER_MODE_EXCLUSIVE -> Mode.EXCLUSIVE;
      case UNRECOGNIZED ->
          throw new ProblemException(
              Problem.of(ErrorCode.INVALID_REQUEST, "mode " + sent.getModeValue() + " is not known")
                  .at("mode"));
    };
  }

  Duration ackDeadline(com.google.protobuf.Duration sent) {
    Duration deadline = duration("ack_deadline", sent);
    if (deadline.compareTo(bounds.ackDeadlineMin()) < 0
        || deadline.compareTo(bounds.ackDeadlineMax()) > 0) {
      throw invalidLimit(
          "ack_deadline",
          "ack_deadline is "
              + deadline
              + ": must be "
              + bounds.ackDeadlineMin()
              + " to "
              + bounds.ackDeadlineMax(),
          bounds.ackDeadlineMax().toMillis());
    }
    return deadline;
  }

  Duration delay(com.google.protobuf.Duration sent) {
    Duration delay = duration("delay", sent);
    if (delay.isNegative() || delay.compareTo(bounds.delayMax()) > 0) {
      throw invalidLimit(
          "delay",
          "delay is " + delay + ": must be 0 to " + bounds.delayMax(),
          bounds.delayMax().toMillis());
    }
    return delay;
  }

  Window window(Credit credit) {
    int events = credit.getEventsMax();
    if (events < 0 || events > bounds.outstandingEventsMax()) {
      throw invalidLimit(
          "events_max",
          "events_max is " + events + ": must be 0 to " + bounds.outstandingEventsMax(),
          bounds.outstandingEventsMax());
    }
    long bytes = credit.getBytesMax();
    if (bytes < 0 || bytes > bounds.outstandingBytesMax()) {
      throw invalidLimit(
          "bytes_max",
          "bytes_max is "
              + bytes
              + ": must be 1 to "
              + bounds.outstandingBytesMax()
              + ", or 0 for that",
          bounds.outstandingBytesMax());
    }
    return new Window(events, bytes == 0 ? bounds.outstandingBytesMax() : bytes);
  }

  /** A client's words, for people, no longer than they may be. */
  static String error(String text) {
    if (text.isEmpty()) {
      return "was rejected";
    }
    return text.codePointCount(0, text.length()) <= ERROR_CHARS_MAX
        ? text
        : text.substring(0, text.offsetByCodePoints(0, ERROR_CHARS_MAX));
  }

  private static Duration duration(String field, com.google.protobuf.Duration sent) {
    if (!Durations.isValid(sent)) {
      throw new ProblemException(
          Problem.of(ErrorCode.INVALID_REQUEST, field + " is no duration").at(field));
    }
    return Duration.ofSeconds(sent.getSeconds(), sent.getNanos());
  }

  private static ProblemException invalidLimit(String field, String message, long limit) {
    return new ProblemException(Problem.of(ErrorCode.INVALID_LIMIT, message, limit).at(field));
  }
}
