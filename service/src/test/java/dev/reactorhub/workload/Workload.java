package dev.reactorhub.workload;

import static org.awaitility.Awaitility.await;

import dev.reactorhub.event.Position;
import dev.reactorhub.history.FinalLog;
import dev.reactorhub.history.History;
import dev.reactorhub.history.HistoryChecker;
import dev.reactorhub.history.Outcome;
import dev.reactorhub.history.Publisher;
import dev.reactorhub.history.Subscriber;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/**
 * Publishers on every face, subscribers that change the face each time they resume, and clients of
 * durable consumers, all of whom go on while the hub goes and comes. In the end the history of all
 * of it is checked.
 */
public final class Workload implements AutoCloseable {
  private static final List<Interest> INTERESTS =
      List.of(
          new Interest(List.of(">"), List.of()),
          new Interest(List.of(">"), List.of()),
          new Interest(List.of("default"), List.of()),
          new Interest(List.of("news.*"), List.of()),
          new Interest(List.of("news.eu", "orders"), List.of("digest_created")),
          new Interest(List.of("news.eu.sport"), List.of()),
          new Interest(List.of(">"), List.of("news_processed", "alert_raised")));

  /** How many follow the log. */
  public static final int SUBSCRIBERS = INTERESTS.size();

  /**
   * Options of the hub: a small window, so that cursors leave and join it all the time; positions
   * told often, so that everybody learns soon that there is no more.
   */
  public static final List<String> OPTIONS =
      List.of(
          "--set", "hub.window.events=64",
          "--set", "web.heartbeat=1s",
          "--set", "sources.host-metrics.interval=0",
          "--set", "sources.heartbeat.interval=0");

  /** Published after the last crash. */
  private static final int LAST_EVENTS = 50;

  /** Ports on which nobody listens. */
  private static final Endpoint NOWHERE = new Endpoint(1, 1);

  private static final Duration END_MAX = Duration.ofMinutes(2);

  private final HttpClient http = HttpClient.newHttpClient();
  private final HubLog log = new HubLog(http, () -> this.endpoint);
  private final History history = new History();
  private final List<LoopingSubscriber> subscribers = new ArrayList<>();
  private final List<Subscriber> observers = new ArrayList<>();
  private final ConsumerCrowd consumers;
  private final List<Publisher> publishers = new ArrayList<>();
  private final List<Thread> publishing = new ArrayList<>();
  private final List<Thread> subscribing = new ArrayList<>();
  private final List<Thread> consuming = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile Endpoint endpoint;
  private volatile boolean isOver;

  /** Begins at once, at the end of the log there is. */
  public Workload(long seed, Endpoint endpoint) {
    this.endpoint = endpoint;
    SplittableRandom random = new SplittableRandom(seed);
    Position start = log.head();
    consumers = new ConsumerCrowd(history, () -> this.endpoint);
    consuming.addAll(consumers.clients(random.split()).stream().map(this::run).toList());
    for (Interest interest : INTERESTS) {
      String name = interest.toString() + " " + subscribers.size();
      Subscriber observer = history.subscriber(name, interest::test, start);
      observers.add(observer);
      LoopingSubscriber subscriber =
          new LoopingSubscriber(http, () -> this.endpoint, interest, observer, random.split());
      subscribers.add(subscriber);
      subscribing.add(run(subscriber));
    }
    LoopingPublisher.Surroundings surroundings =
        new LoopingPublisher.Surroundings(http, () -> this.endpoint, () -> isOver);
    for (PublishingFace face : PublishingFace.values()) {
      Publisher publisher = history.publisher(face.name());
      publishers.add(publisher);
      publishing.add(run(new LoopingPublisher(face, publisher, surroundings, random.nextLong())));
    }
  }

  /** Returns once each publisher was given so many more outcomes of this kind. */
  public void awaitEach(long outcomes, Predicate<Outcome> such) {
    Map<Publisher, Long> enough = new HashMap<>();
    publishers.forEach(each -> enough.put(each, each.count(such) + outcomes));
    await()
        .atMost(END_MAX)
        .until(
            () ->
                enough.entrySet().stream()
                    .allMatch(each -> each.getKey().count(such) >= each.getValue()));
  }

  /** How often a subscriber's connection ended. */
  public int breaks() {
    return subscribers.stream().mapToInt(LoopingSubscriber::breaks).sum();
  }

  /**
   * How many events a new subscriber to everything is given, on each face, from the beginning to
   * the end of the log there is.
   */
  public List<Long> replays() {
    Position end = log.head();
    List<Long> events = new ArrayList<>();
    for (ReadingFace face : ReadingFace.values()) {
      Position start = new Position(end.epoch(), 0);
      Subscriber replay = history.subscriber("replay over " + face, content -> true, start);
      try {
        face.follow(
            new ReadingFace.Connection(
                http,
                endpoint,
                () -> true,
                new Interest(List.of(">"), List.of()),
                replay,
                ReadingFace.Hearing.NONE,
                () -> replay.position().seq() >= end.seq()));
      } catch (Broken e) {
        throw new AssertionError(face + " does not replay", e);
      }
      events.add(replay.events());
    }
    return events;
  }

  /** The status of a path of the hub. */
  public int status(String path) {
    return log.status(path);
  }

  /** From here on nobody sees what the hub says, until it is at a place again. */
  public void cutOff() {
    endpoint = NOWHERE;
    consumers.moved();
  }

  /** The hub is here now. */
  public void moveTo(Endpoint now) {
    consumers.moved();
    endpoint = now;
  }

  /** Returns once so many more events were acknowledged. */
  public void awaitAcknowledged(long events) {
    long enough = acknowledged() + events;
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(END_MAX)
        .until(() -> acknowledged() >= enough || !failures.isEmpty());
  }

  /** Acknowledgements so far, those of duplicates included. */
  public long acknowledged() {
    return publishers.stream().mapToLong(Workload::acknowledged).sum();
  }

  private static long acknowledged(Publisher publisher) {
    return publisher.count(Outcome.Acknowledged.class::isInstance);
  }

  /** Ends it: lets every subscriber come to the end of the log, and checks what was seen. */
  public Result finish() {
    awaitAcknowledged(LAST_EVENTS);
    isOver = true;
    join(publishing);
    consumers.finish(log.head());
    join(consuming);
    Position end = log.head();
    subscribers.forEach(subscriber -> subscriber.endAt(end));
    join(subscribing);
    // Clients that came and went have written to it since.
    FinalLog all = log.readTo(log.head());
    consumers.takeLetters(all);
    List<String> violations = new ArrayList<>(HistoryChecker.violations(history, all));
    failures.forEach(failure -> violations.add("a client failed: " + failure));
    return new Result(
        all.entries().size(),
        observers.stream().mapToLong(Subscriber::events).sum(),
        observers.stream().mapToLong(Subscriber::gaps).sum(),
        HistoryChecker.lost(history, all),
        consumers.summary(),
        violations);
  }

  /**
   * What came out.
   *
   * @param stored events in the log
   * @param delivered over all subscribers
   * @param gaps announced, over all subscribers
   * @param lost acknowledged events that are not in the log, under whichever epoch
   * @param consumers what durable consumers did, in words
   */
  public record Result(
      long stored,
      long delivered,
      long gaps,
      long lost,
      String consumers,
      List<String> violations) {
    /** In one line. */
    public String summary() {
      return "stored="
          + stored
          + " delivered="
          + delivered
          + " gaps="
          + gaps
          + " lost="
          + lost
          + " violations="
          + violations.size()
          + " consumers: "
          + consumers;
    }
  }

  @Override
  public void close() {
    isOver = true;
    publishing.forEach(Thread::interrupt);
    subscribing.forEach(Thread::interrupt);
    consuming.forEach(Thread::interrupt);
    http.shutdownNow();
  }

  private Thread run(Runnable client) {
    return Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                client.run();
              } catch (Throwable e) { // the thread's top
                failures.add(e);
              }
            });
  }

  private void join(List<Thread> threads) {
    try {
      for (Thread thread : threads) {
        if (!thread.join(END_MAX)) {
          throw new AssertionError(
              "a client does not end: " + List.of(thread.getStackTrace()) + failures);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
