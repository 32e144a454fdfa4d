package dev.reactorhub.bench;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.hub.BatchForm;
import dev.reactorhub.hub.WireForm;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.wire.EventEncoding;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Encoding one event in each wire form: done once per event, whatever the number of subscribers.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class EncodeBenchmark {
  private static final Epoch EPOCH = new Epoch("k3x9");
  private static final LogRecord RECORD =
      new LogRecord(
          1042,
          Instant.parse("2026-01-31T12:00:00Z"),
          new Event(
              "01a209d4-eb23-7235-ad2b-0991364f4e6a",
              new EventType("news_processed"),
              Channel.DEFAULT,
              Event.SOURCE_DEFAULT,
              Instant.parse("2026-01-31T12:00:00.123456Z"),
              Json.ofValidated(
                  "{\"title\":\"Hello\",\"score\":0.97,\"tags\":[\"a\",\"b\"]}"
                      .getBytes(StandardCharsets.UTF_8)),
              null));

  private final EventEncoding encoding = new EventEncoding();

  /** The Reactor JSON form. */
  @Benchmark
  public byte[] json() {
    return encoding.encode(WireForm.JSON, EPOCH, RECORD);
  }

  /** A WebSocket frame. */
  @Benchmark
  public byte[] webSocket() {
    return encoding.encode(WireForm.WEBSOCKET, EPOCH, RECORD);
  }

  /** A server-sent event. */
  @Benchmark
  public byte[] sse() {
    return encoding.encode(WireForm.SSE, EPOCH, RECORD);
  }

  /** An element of a batch of events over gRPC. */
  @Benchmark
  public byte[] event() {
    return encoding.encode(BatchForm.EVENT, EPOCH, RECORD);
  }

  /** An element of a batch of deliveries. */
  @Benchmark
  public byte[] firstDelivery() {
    return encoding.encode(BatchForm.FIRST_DELIVERY, EPOCH, RECORD);
  }
}
