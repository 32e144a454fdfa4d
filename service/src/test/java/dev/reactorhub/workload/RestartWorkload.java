package dev.reactorhub.workload;

import static org.awaitility.Awaitility.await;

import dev.reactorhub.event.Position;
import dev.reactorhub.history.Content;
import dev.reactorhub.history.FinalLog;
import dev.reactorhub.history.History;
import dev.reactorhub.history.HistoryChecker;
import dev.reactorhub.history.Outcome;
import dev.reactorhub.history.Publisher;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Many clients on every face that come back when they are told to, and publishers at a steady rate,
 * while the hub is stopped and started again. In the end the history of all of it is checked.
 */
public final class RestartWorkload implements AutoCloseable {
  private static final int CHANNELS = 10;
  private static final List<PublishingFace> PUBLISHERS =
      List.of(
          PublishingFace.HTTP,
          PublishingFace.WEB_SOCKET,
          PublishingFace.GRPC,
          PublishingFace.GRPC_STREAM);
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

  private final HttpClient http = HttpClient.newHttpClient();
  private final HubLog log = new HubLog(http, () -> this.endpoint);
  private final History history = new History();
  private final Returns returns = new Returns();
  private final List<Interest> interests =
      Stream.concat(IntStream.range(0, CHANNELS).mapToObj(i -> "load." + i), Stream.of("load.*"))
          .map(channel -> new Interest(List.of(channel), List.of()))
          .toList();

  /** Of the interests: the same object for all who share one. */
  private final List<Predicate<Content>> filters =
      interests.stream().<Predicate<Content>>map(interest -> interest::test).toList();

  private final List<ReturningCursor> cursors = new ArrayList<>();
  private final List<Publisher> publishers = new ArrayList<>();
  private final List<Thread> publishing = new ArrayList<>();
  private final List<Thread> subscribing = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final ReturningCrowd crowd;
  private volatile Endpoint endpoint;
  private volatile boolean isPublished;
  private volatile boolean isOver;

  /** How many clients there are on each face. */
  public record Clients(int webSocket, int sse, int grpc) {
    /** {@code 5000/200/100}. */
    public static Clients parse(String text) {
      List<Integer> each = Stream.of(text.split("/", -1)).map(Integer::valueOf).toList();
      return new Clients(each.get(0), each.get(1), each.get(2));
    }

    /** On all faces. */
    public int all() {
      return webSocket + sse + grpc;
    }
  }

  /** Begins at once, at the end of the log there is. */
  public RestartWorkload(Endpoint endpoint, Clients clients, int eventsPerSecond)
      throws IOException {
    this.endpoint = endpoint;
    Position start = log.head();
    SplittableRandom random = new SplittableRandom(clients.all());
    for (int i = 0; i < clients.all(); i++) {
      cursors.add(cursor(i, start, random.split()));
    }
    int others = clients.webSocket();
    this.crowd = new ReturningCrowd(() -> this.endpoint, cursors.subList(0, others));
    for (int i = others; i < clients.all(); i++) {
      ReadingFace face = i < others + clients.sse() ? ReadingFace.SSE : ReadingFace.GRPC;
      ReturningSubscriber subscriber =
          new ReturningSubscriber(
              face, http, () -> this.endpoint, cursors.get(i), () -> this.isOver);
      subscribing.add(Thread.ofVirtual().start(() -> run(subscriber)));
    }
    AtomicLong turns = new AtomicLong();
    LoopingPublisher.Surroundings surroundings =
        new LoopingPublisher.Surroundings(http, () -> this.endpoint, () -> isPublished);
    for (PublishingFace face : PUBLISHERS) {
      Publisher publisher = history.publisher(face.name());
      publishers.add(publisher);
      SteadyPublisher steady =
          new SteadyPublisher(
              face,
              publisher,
              surroundings,
              () -> "load." + turns.getAndIncrement() % CHANNELS,
              eventsPerSecond / PUBLISHERS.size());
      publishing.add(Thread.ofPlatform().daemon().start(() -> run(steady)));
    }
  }

  /** When clients were told to come back, and when they did. */
  public Returns returns() {
    return returns;
  }

  /** Returns once every client is connected. */
  public void awaitConnected() {
    await()
        .atMost(WAIT_MAX)
        .until(
            () -> {
              crowd.requireWell();
              return cursors.stream().allMatch(ReturningCursor::isConnected);
            });
  }

  /** How many outcomes of publishing are such. */
  public long outcomes(Predicate<Outcome> such) {
    return publishers.stream().mapToLong(publisher -> publisher.count(such)).sum();
  }

  /** Returns once so many more events were acknowledged. */
  public void awaitAcknowledged(long events) {
    long enough = outcomes(Outcome.Acknowledged.class::isInstance) + events;
    await()
        .atMost(WAIT_MAX)
        .until(() -> outcomes(Outcome.Acknowledged.class::isInstance) >= enough);
  }

  /** The hub is here now. */
  public void moveTo(Endpoint now) {
    endpoint = now;
  }

  /** Lets every client come to the end of the log, and checks what was seen. */
  public Workload.Result finish() throws IOException {
    isPublished = true;
    join(publishing);
    Position end = log.head();
    await()
        .atMost(WAIT_MAX)
        .until(
            () ->
                cursors.stream()
                    .allMatch(cursor -> cursor.subscriber().position().seq() >= end.seq()));
    isOver = true;
    crowd.requireWell();
    crowd.close();
    http.shutdownNow();
    subscribing.forEach(Thread::interrupt);
    join(subscribing);
    return checked(end);
  }

  private Workload.Result checked(Position end) {
    HttpClient reader = HttpClient.newHttpClient();
    FinalLog all = new HubLog(reader, () -> endpoint).readTo(end);
    reader.shutdownNow();
    List<String> violations = new ArrayList<>(HistoryChecker.violations(history, all));
    failures.forEach(failure -> violations.add("a client failed: " + failure));
    return new Workload.Result(
        all.entries().size(),
        cursors.stream().mapToLong(cursor -> cursor.subscriber().events()).sum(),
        cursors.stream().mapToLong(cursor -> cursor.subscriber().gaps()).sum(),
        HistoryChecker.lost(history, all),
        "none",
        violations);
  }

  @Override
  public void close() throws IOException {
    isPublished = true;
    isOver = true;
    crowd.close();
    http.shutdownNow();
  }

  /** One of ten wants every channel, the others one each. */
  private ReturningCursor cursor(int index, Position start, SplittableRandom random) {
    int kind = index % interests.size();
    Interest interest = interests.get(kind);
    return new ReturningCursor(
        interest,
        history.subscriber(index + " " + interest, filters.get(kind), start),
        returns,
        random);
  }

  private void run(Runnable client) {
    try {
      client.run();
    } catch (Throwable e) { // the thread's top
      if (!isOver) {
        failures.add(e);
      }
    }
  }

  private static void join(List<Thread> threads) {
    try {
      for (Thread thread : threads) {
        if (!thread.join(WAIT_MAX)) {
          throw new AssertionError("a client does not end: " + List.of(thread.getStackTrace()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
