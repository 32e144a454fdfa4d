package dev.reactorhub.workload;

import dev.reactorhub.history.Content;
import dev.reactorhub.history.Outcome;
import dev.reactorhub.history.Publisher;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Publishes at a steady rate on one face, each event again and again until it is acknowledged; what
 * fell due meanwhile follows at once.
 */
final class SteadyPublisher implements Runnable {
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final PublishingFace face;
  private final Publisher publisher;
  private final LoopingPublisher.Surroundings surroundings;
  private final Supplier<String> channels;
  private final long intervalNanos;
  private final HeldConnection connection;

  SteadyPublisher(
      PublishingFace face,
      Publisher publisher,
      LoopingPublisher.Surroundings surroundings,
      Supplier<String> channels,
      long eventsPerSecond) {
    this.face = face;
    this.publisher = publisher;
    this.surroundings = surroundings;
    this.connection = new HeldConnection(face, surroundings.http());
    this.channels = channels;
    this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / eventsPerSecond;
  }

  @Override
  public void run() {
    long dueNanos = System.nanoTime();
    BooleanSupplier isOver = surroundings.isOver();
    for (long number = 0; !isOver.getAsBoolean(); number++) {
      dueNanos += intervalNanos;
      LockSupport.parkNanos(dueNanos - System.nanoTime());
      Content content =
          new Content(
              face + "-" + number,
              "news_processed",
              channels.get(),
              face.toString(),
              Instant.now().truncatedTo(ChronoUnit.MICROS),
              "{\"n\":" + number + "}");
      while (!(publish(content) instanceof Outcome.Acknowledged) && !isOver.getAsBoolean()) {
        connection.giveUp();
        LockSupport.parkNanos(RETRY_NANOS);
      }
    }
    connection.giveUp();
  }

  private Outcome publish(Content content) {
    Outcome outcome;
    try {
      outcome = connection.to(surroundings.endpoint().get()).publish(List.of(content)).getFirst();
    } catch (Broken e) {
      outcome = new Outcome.Unknown(Outcome.BROKEN);
    }
    publisher.published(content, outcome);
    return outcome;
  }
}
