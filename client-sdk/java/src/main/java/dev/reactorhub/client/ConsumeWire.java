package dev.reactorhub.client;

import dev.reactorhub.v1.ConsumerDefinition;
import dev.reactorhub.v1.ConsumerMode;
import dev.reactorhub.v1.Credit;
import dev.reactorhub.v1.Open;
import java.util.Optional;

/** Turns what is said of a consumer into messages of the gRPC API. */
final class ConsumeWire {
  private ConsumeWire() {}

  static Open open(ConsumerSpec spec) {
    Open.Builder open =
        Open.newBuilder()
            .setConsumer(spec.name())
            .setDefinition(
                ConsumerDefinition.newBuilder()
                    .setFilter(Wire.toMessage(spec.filter()))
                    .setMode(
                        spec.isExclusive()
                            ? ConsumerMode.CONSUMER_MODE_EXCLUSIVE
                            : ConsumerMode.CONSUMER_MODE_SHARED)
                    .setAttemptsMax(spec.attemptsMax())
                    .setDeadLetterChannel(spec.deadLetterChannel()))
            .setStart(Wire.toMessage(spec.start()))
            .setCredit(
                Credit.newBuilder()
                    .setEventsMax(spec.outstandingMax())
                    .setBytesMax(spec.outstandingBytesMax()));
    spec.ackDeadline().ifPresent(deadline -> open.setAckDeadline(Wire.toMessage(deadline)));
    return open.build();
  }

  static ConsumerStatus status(dev.reactorhub.v1.Consumer message) {
    ConsumerDefinition definition = message.getDefinition();
    return new ConsumerStatus(
        message.getName(),
        new Filter(definition.getFilter().getChannelsList(), definition.getFilter().getTypesList()),
        definition.getMode() == ConsumerMode.CONSUMER_MODE_EXCLUSIVE,
        definition.getAttemptsMax(),
        definition.getDeadLetterChannel(),
        Wire.instant(message.getCreatedAt()),
        message.getPosition(),
        message.getLagEvents(),
        message.getOutstandingEvents(),
        message.getRetryingEvents(),
        message.getAcknowledgedEvents(),
        message.getRedeliveredEvents(),
        message.getParkedEvents(),
        message.hasAcknowledgedAt()
            ? Optional.of(Wire.instant(message.getAcknowledgedAt()))
            : Optional.empty(),
        message.getClientsCount());
  }
}
