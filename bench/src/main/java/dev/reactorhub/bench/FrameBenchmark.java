package dev.reactorhub.bench;

import dev.reactorhub.wire.WebSocketFrame;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Putting an encoded event into a WebSocket frame: once per event, whatever the subscribers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FrameBenchmark {
  /** Of the payload: one for each form of the length. */
  @Param({"100", "4096", "131072"})
  public int bytes = 100;

  private byte[] payload = {};

  /** Makes the payload. */
  @Setup
  public void fill() {
    payload = new byte[bytes];
  }

  /** One frame. */
  @Benchmark
  public byte[] frame() {
    return WebSocketFrame.text(payload);
  }
}
