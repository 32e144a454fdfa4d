package dev.reactorhub.workload;

import dev.reactorhub.history.Content;
import dev.reactorhub.history.Outcome;
import dev.reactorhub.history.Publisher;
import java.net.http.HttpClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Publishes on one face, one group of events after another, and hands in again what it was given no
 * answer for, and now and then what was answered, as careful publishers do.
 */
final class LoopingPublisher implements Runnable {
  private static final List<String> CHANNELS =
      List.of("default", "default", "news.eu", "news.us", "news.eu.sport", "orders");
  private static final List<String> TYPES =
      List.of("news_processed", "digest_created", "alert_raised");
  private static final int ANSWERED_MAX = 200;

  /** Of so many groups, one is of events that were acknowledged before. */
  private static final int REPEAT_ONE_OF = 12;

  private static final long PAUSE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(8);

  private final PublishingFace face;
  private final Publisher publisher;
  private final Surroundings surroundings;
  private final SplittableRandom random;
  private final String name;
  private final List<Content> answered = new ArrayList<>();
  private List<Content> unanswered = new ArrayList<>();
  private final HeldConnection connection;
  private long made;

  /**
   * Where a publisher lives.
   *
   * @param endpoint where the hub is now
   * @param isOver whether to hand in nothing more
   */
  record Surroundings(HttpClient http, Supplier<Endpoint> endpoint, BooleanSupplier isOver) {}

  LoopingPublisher(PublishingFace face, Publisher publisher, Surroundings surroundings, long seed) {
    this.face = face;
    this.publisher = publisher;
    this.surroundings = surroundings;
    this.connection = new HeldConnection(face, surroundings.http());
    this.random = new SplittableRandom(seed);
    this.name = face.name().toLowerCase(Locale.ROOT) + "-" + Long.toHexString(seed);
  }

  @Override
  public void run() {
    while (!surroundings.isOver().getAsBoolean()) {
      List<Content> group = nextGroup();
      List<Outcome> outcomes = publish(group);
      List<Content> open = new ArrayList<>();
      for (int i = 0; i < group.size(); i++) {
        publisher.published(group.get(i), outcomes.get(i));
        switch (outcomes.get(i)) {
          case Outcome.Acknowledged _ -> remember(group.get(i));
          case Outcome.Refused _ -> {}
          case Outcome.Unknown _ -> open.add(group.get(i));
        }
      }
      unanswered = open;
      // A stream ends with the first that is not stored.
      if (outcomes.stream().anyMatch(o -> !(o instanceof Outcome.Acknowledged))) {
        connection.giveUp();
      }
      LockSupport.parkNanos(random.nextLong(PAUSE_NANOS_MAX));
    }
    connection.giveUp();
  }

  private List<Content> nextGroup() {
    if (!unanswered.isEmpty()) {
      return unanswered;
    }
    int size = 1 + random.nextInt(face.eventsMax());
    List<Content> group = new ArrayList<>();
    boolean isRepeated = !answered.isEmpty() && random.nextInt(REPEAT_ONE_OF) == 0;
    for (int i = 0; i < size; i++) {
      Content known = isRepeated ? answered.get(random.nextInt(answered.size())) : make();
      if (!group.contains(known)) {
        group.add(known);
      }
    }
    return group;
  }

  private Content make() {
    made++;
    String padding = "x".repeat(random.nextInt(16) == 0 ? random.nextInt(8_000) : 20);
    return new Content(
        name + "-" + made,
        TYPES.get(random.nextInt(TYPES.size())),
        CHANNELS.get(random.nextInt(CHANNELS.size())),
        name,
        Instant.now().truncatedTo(ChronoUnit.MICROS),
        "{\"n\":" + made + ",\"text\":\"ü – " + padding + "\"}");
  }

  private void remember(Content content) {
    if (answered.size() < ANSWERED_MAX) {
      answered.add(content);
    } else {
      answered.set(random.nextInt(ANSWERED_MAX), content);
    }
  }

  private List<Outcome> publish(List<Content> group) {
    try {
      List<Outcome> outcomes = connection.to(surroundings.endpoint().get()).publish(group);
      // An answer of a hub that was cut off meanwhile was never seen.
      return connection.leadsTo(surroundings.endpoint().get())
          ? outcomes
          : PublishingFace.all(new Outcome.Unknown(Outcome.BROKEN), group);
    } catch (Broken e) {
      return PublishingFace.all(new Outcome.Unknown(Outcome.BROKEN), group);
    }
  }
}
