package dev.reactorhub.app;

import dev.reactorhub.client.Consumer;
import dev.reactorhub.client.ConsumerSpec;
import dev.reactorhub.client.Filter;
import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.client.StartAt;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * A program of its own that consumes with the Java client: it deals with the first few events and
 * holds the next until it is killed. It prints a line for each: {@code done <data>} or {@code holds
 * <data>}, and {@code open} once it is a client of the consumer.
 */
final class ConsumingProcess {
  private static final int OUTSTANDING_MAX = 10;
  private static final int DEALT_WITH = 3;

  private ConsumingProcess() {}

  /** The consumer, for whoever shares it. */
  static ConsumerSpec.Builder spec() {
    return ConsumerSpec.named("pair")
        .filter(Filter.channels("pair.*"))
        .startAt(StartAt.earliest())
        .outstandingMax(OUTSTANDING_MAX);
  }

  /** Argument: the hub's endpoint. */
  public static void main(String[] args) throws InterruptedException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(DEALT_WITH);
    try (ReactorClient client = ReactorClient.builder(args[0]).build();
        Consumer consumer =
            client.consume(
                spec().build(),
                consumed -> {
                  boolean isHeld = left.getCount() == 0;
                  out.println((isHeld ? "holds " : "done ") + consumed.event().dataJson());
                  if (isHeld) {
                    never.await();
                  }
                  left.countDown();
                })) {
      consumer.established().join();
      out.println("open");
      never.await();
    }
  }

  static Process start(int grpcPort) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            ConsumingProcess.class.getName(),
            "127.0.0.1:" + grpcPort)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
