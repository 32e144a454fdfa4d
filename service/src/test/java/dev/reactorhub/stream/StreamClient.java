package dev.reactorhub.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One who listens to the hub. Messages are kept whole and in their order until they are taken;
 * those not yet taken can be looked at. Any thread.
 */
public abstract sealed class StreamClient implements AutoCloseable
    permits SseClient, WebSocketClient {
  /** Nothing the hub has to say takes longer, a disk that is slow included. */
  static final Duration ANSWER_MAX = Duration.ofSeconds(60);

  /** Stands behind the last message, and is never taken; the hub says nothing of the kind. */
  private static final String END = "<end>";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final LinkedBlockingQueue<String> untaken = new LinkedBlockingQueue<>();

  final void told(String message) {
    untaken.add(message);
  }

  final void ended() {
    untaken.add(END);
  }

  /**
   * Takes the next message, when it has come whole; fails when none comes.
   *
   * @throws UncheckedIOException when the stream ended before
   */
  public final String next() {
    try {
      String message = untaken.poll(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS);
      if (message == null) {
        throw new AssertionError("the hub said nothing for " + ANSWER_MAX);
      }
      if (message.equals(END)) {
        ended();
        throw new UncheckedIOException(new EOFException("the stream ended"));
      }
      return message;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new InterruptedIOException());
    }
  }

  /** The seq of the next message, which must be an event. */
  public final long nextSeq() {
    String message = next();
    JsonNode seq = parse(message).path("seq");
    if (!seq.isIntegralNumber()) {
      throw new AssertionError("no event: " + message);
    }
    return seq.longValue();
  }

  /** All that it was told and that was not taken, events and the rest. */
  public final List<JsonNode> untaken() {
    return untaken.stream()
        .filter(message -> !message.equals(END))
        .map(StreamClient::parse)
        .toList();
  }

  /** How many of {@link #untaken} are of this type. */
  public final long count(String type) {
    return untaken().stream().filter(message -> message.path("type").asText().equals(type)).count();
  }

  /** True when there will be nothing more. */
  public final boolean isEnded() {
    return untaken.contains(END);
  }

  /** Goes without a word. */
  @Override
  public abstract void close();

  private static JsonNode parse(String message) {
    try {
      return MAPPER.readTree(message);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + message, e);
    }
  }
}
