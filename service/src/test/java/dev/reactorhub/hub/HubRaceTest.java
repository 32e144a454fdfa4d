package dev.reactorhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.Event;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.log.ReadResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Subscribers with random filters come at random places, some slower than the window, while events
 * are published; each must have exactly its slice of the log in the end.
 */
final class HubRaceTest {
  private static final int EVENTS = 6_000;
  private static final int SUBSCRIBERS = 24;
  private static final String[] CHANNELS = {"default", "news.eu", "news.us", "ops.db.eu", "ops"};
  private static final String[] TYPES = {"a", "b", "c"};
  private static final String[] FILTERS = {
    "default", "news.*", "news.>", ">", "*", "ops.>", "default,news.eu", "*.db.*", "nobody"
  };

  @Test
  void everySubscriberHasExactlyItsSliceOfTheLog() throws InterruptedException {
    long seed = System.nanoTime();
    System.Logger logger = System.getLogger(HubRaceTest.class.getName());
    logger.log(System.Logger.Level.INFO, "seed={0}", Long.toString(seed));
    Random random = new Random(seed);
    try (HubFixture f = new HubFixture(new HubSettings(64, 1 << 20, 2), 0)) {
      List<Following> followers = new ArrayList<>();
      CountDownLatch done = new CountDownLatch(SUBSCRIBERS);
      for (int i = 0; i < EVENTS; i++) {
        if (i % (EVENTS / SUBSCRIBERS) == 0 && followers.size() < SUBSCRIBERS) {
          followers.add(new Following(f, random, done));
        }
        publish(f, random, i);
      }
      f.publish("default", "end");
      assertThat(done.await(60, TimeUnit.SECONDS)).as("seed %d", seed).isTrue();
      for (Following follower : followers) {
        assertThat(follower.seqs)
            .as("seed %d, %s after %d", seed, follower.filter, follower.after)
            .containsExactlyElementsOf(expected(f, follower));
      }
    }
  }

  private static void publish(HubFixture f, Random random, int i) {
    Event event =
        new Event(
            "r" + i,
            new EventType(TYPES[random.nextInt(TYPES.length)]),
            new Channel(CHANNELS[random.nextInt(CHANNELS.length)]),
            "test",
            HubFixture.NOW,
            Json.EMPTY_OBJECT,
            null);
    var result = f.hub.publish(List.of(event));
    if (random.nextInt(8) == 0) {
      result.join();
    }
  }

  private static List<Long> expected(HubFixture f, Following follower) {
    List<Long> seqs = new ArrayList<>();
    long after = follower.after;
    while (after < f.log.range().head()) {
      ReadResult.Batch batch =
          (ReadResult.Batch) f.log.read(after, EventFilter.ALL, new ReadLimit(1000, 1 << 20));
      for (LogRecord record : batch.records()) {
        if (follower.filter.matches(record.event())) {
          seqs.add(record.seq());
        }
      }
      after = batch.through();
    }
    return seqs;
  }

  /** A subscriber on a thread of its own that ends at the head. */
  private static final class Following {
    final EventFilter filter;
    final long after;
    final ConcurrentLinkedQueue<Long> seqs = new ConcurrentLinkedQueue<>();
    private final boolean mayWait;

    Following(HubFixture f, Random random, CountDownLatch done) {
      String[] types = random.nextBoolean() ? new String[0] : new String[] {"a", "end"};
      this.filter = HubFixture.filter(FILTERS[random.nextInt(FILTERS.length)], types);
      long head = f.log.range().head();
      this.after = head == 0 ? 0 : random.nextLong(head + 1);
      boolean isSlow = random.nextInt(3) == 0;
      this.mayWait = random.nextBoolean();
      Semaphore wakeUps = new Semaphore(1);
      Hub.SubscribeResult.Subscribed subscribed =
          (Hub.SubscribeResult.Subscribed)
              f.hub.subscribe(filter, new Start.After(f.position(after)), wakeUps::release);
      Thread.ofVirtual().start(() -> follow(subscribed.subscription(), isSlow, wakeUps, done));
    }

    private void follow(
        Subscription subscription, boolean isSlow, Semaphore wakeUps, CountDownLatch done) {
      // Its last event is the last that matches; a cursor that is past the end has seen it.
      while (subscription.position().seq() <= EVENTS) {
        switch (poll(subscription)) {
          case Next.Events events -> events.events().forEach(event -> seqs.add(event.seq()));
          case Next.Nothing nothing -> {
            try {
              var _ = wakeUps.tryAcquire(isSlow ? 50 : 5, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              return;
            }
          }
          case Next.Gap gap -> throw new AssertionError("gap " + gap);
          case Next.Lagging lagging -> {}
          case Next.CaughtUp caughtUp -> {}
        }
      }
      done.countDown();
    }

    /** In one of the two ways: waiting for the log, or hearing of it. */
    private Next poll(Subscription subscription) {
      if (mayWait) {
        return subscription.poll(2_000);
      }
      while (true) {
        Next held = subscription.pollHeld(2_000);
        Next next = held == null ? subscription.readBehind(2_000).join() : held;
        if (next != null) {
          return next;
        }
      }
    }
  }
}
