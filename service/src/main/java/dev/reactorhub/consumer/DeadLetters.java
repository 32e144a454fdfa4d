package dev.reactorhub.consumer;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.reactorhub.event.ConsumerName;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.WireForm;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;

/**
 * Makes the events that are published for those that failed too often. Their id depends on the
 * consumer and the position alone: published twice within the dedup window, one is stored once.
 */
final class DeadLetters {
  /** The type of these events. */
  static final EventType TYPE = new EventType("reactor_dead_letter");

  private static final String SOURCE = "reactor-hub";

  private final ConsumerName consumer;
  private final Definition definition;
  private final InstantSource clock;

  DeadLetters(ConsumerName consumer, Definition definition, InstantSource clock) {
    this.consumer = consumer;
    this.definition = definition;
    this.clock = clock;
  }

  /**
   * The dead letter of an event.
   *
   * @param attempts deliveries of it that failed
   * @param error why the last did, as the client said or the hub found
   */
  Event of(EncodedEvent event, int attempts, String error) {
    StringBuilder head = new StringBuilder(128);
    head.append("{\"consumer\":\"").append(consumer);
    head.append("\",\"position\":\"").append(event.position());
    head.append("\",\"attempts\":").append(attempts).append(",\"error\":\"");
    JsonStringEncoder.getInstance().quoteAsString(error, head);
    head.append("\",\"event\":");
    byte[] before = head.toString().getBytes(StandardCharsets.UTF_8);
    byte[] original = event.bytes(WireForm.JSON);
    byte[] data = new byte[before.length + original.length + 1];
    System.arraycopy(before, 0, data, 0, before.length);
    System.arraycopy(original, 0, data, before.length, original.length);
    data[data.length - 1] = '}';
    return new Event(
        "dead-letter:" + consumer + ":" + event.position(),
        TYPE,
        definition.deadLetters(),
        SOURCE,
        clock.instant(),
        Json.ofValidated(data),
        event.record().event().traceparent());
  }
}
