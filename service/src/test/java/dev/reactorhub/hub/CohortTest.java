package dev.reactorhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.reactorhub.event.EventFilter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Subscriptions that are served together. */
final class CohortTest {
  private static final int BYTES_MAX = 64 << 10;
  private static final EventFilter DEFAULT = HubFixture.filter("default");
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Waiter waiter = new Waiter();

  @Test
  void aCohortIsWokenOnceAndItsMembersShareTheirEvents() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      List<Guest> guests = IntStream.range(0, 3).mapToObj(i -> guest(f, DEFAULT)).toList();

      f.publishMany(4, "default", "a");

      assertThat(waiter.due).hasSize(1);
      waiter.serveAll();
      assertThat(guests)
          .allSatisfy(guest -> assertThat(guest.seqs).containsExactly(1L, 2L, 3L, 4L));
      assertThat(guests).allSatisfy(guest -> assertThat(guest.shares).hasSize(1));
      assertThat(guests.get(2).shares.getFirst()).isSameAs(guests.getFirst().shares.getFirst());
    }
  }

  @Test
  void whoIsBehindCatchesUpAloneAndThenTakesPart() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      f.publishMany(3, "default", "a");
      Guest late = new Guest(f.hub, DEFAULT, new Start.After(f.position(1)), waiter);

      Guest first = guest(f, DEFAULT);

      f.publish("default", "a");
      waiter.serveAll();
      assertThat(late.seqs).containsExactly(2L, 3L, 4L);

      f.publish("default", "a");
      waiter.serveAll();
      assertThat(late.seqs).containsExactly(2L, 3L, 4L, 5L);
      assertThat(late.shares.getLast()).isSameAs(first.shares.getLast());
    }
  }

  @Test
  void whoseEventsHaveLeftTheWindowIsWokenAlone() {
    try (HubFixture f = new HubFixture(new HubSettings(2, 1 << 20, 8), 0)) {
      Guest guest = guest(f, DEFAULT);

      f.publishMany(6, "default", "a");
      waiter.serveAll();

      assertThat(guest.seqs).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }
  }

  @Test
  void whoWantsOtherEventsMovesToAnotherCohort() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      Guest stays = guest(f, DEFAULT);
      Guest moves = guest(f, DEFAULT);

      moves.subscription.change(HubFixture.filter("other"));
      f.publish("default", "a");
      f.publish("other", "a");
      waiter.serveAll();

      assertThat(stays.seqs).containsExactly(1L);
      assertThat(moves.seqs).containsExactly(2L);
    }
  }

  @Test
  void whoLeavesIsServedNoMoreAndTheLastOneClosesTheLane() {
    try (HubFixture f = HubFixture.ofDefaults()) {
      List<Guest> guests = IntStream.range(0, 5).mapToObj(i -> guest(f, DEFAULT)).toList();

      guests.get(1).subscription.close();
      guests.get(4).subscription.close();
      f.publish("default", "a");
      waiter.serveAll();

      assertThat(guests.stream().filter(guest -> guest.seqs.isEmpty()))
          .containsExactly(guests.get(1), guests.get(4));
      guests.forEach(guest -> guest.subscription.close());
      assertThat(f.hub.stats().filters()).isZero();
    }
  }

  @Test
  void nothingIsMissedOrRepeatedWhileOthersPublish() throws InterruptedException {
    int events = 4_000;
    Random random = new Random(20261124);
    try (HubFixture f = new HubFixture(new HubSettings(64, 1 << 20, 8), 0)) {
      ServingThread thread = new ServingThread();
      List<Guest> guests = new ArrayList<>();
      List<Long> starts = new ArrayList<>();
      Thread publisher = Thread.ofPlatform().start(() -> f.publishMany(events, "default", "a"));
      for (int i = 0; i < 60; i++) {
        long after = random.nextLong(f.log.range().head() + 1);
        starts.add(after);
        guests.add(new Guest(f.hub, DEFAULT, new Start.After(f.position(after)), thread));
        guests.getLast().wake();
        Thread.sleep(random.nextInt(3));
      }
      publisher.join();
      thread.end();

      for (int i = 0; i < guests.size(); i++) {
        assertThat(guests.get(i).seqs)
            .isEqualTo(LongStream.rangeClosed(starts.get(i) + 1, events).boxed().toList());
      }
    }
  }

  /** A member more costs its place in the list of members, and no object for its delivery. */
  @Test
  void aDeliveryMakesNoGarbageOfItsOwn() {
    long alone = bytesAllocatedPerRound(1);
    long crowd = bytesAllocatedPerRound(1_001);

    assertThat((crowd - alone) / 1_000.0).isLessThan(16);
  }

  private static long bytesAllocatedPerRound(int members) {
    int rounds = 200;
    Waiter waiter = new Waiter();
    try (HubFixture f = HubFixture.ofDefaults()) {
      for (int i = 0; i < members; i++) {
        var _ = new Taker(f.hub, waiter);
      }
      long allocated = 0;
      for (int i = 0; i < rounds; i++) {
        f.publish("default", "a");
        long before = THREADS.getCurrentThreadAllocatedBytes();
        waiter.serveAll();
        allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
      }
      return allocated / rounds;
    }
  }

  private Guest guest(HubFixture f, EventFilter filter) {
    return new Guest(f.hub, filter, new Start.Latest(), waiter);
  }

  private static Subscription subscribed(
      Hub hub, EventFilter filter, Start start, Cohort.Member member) {
    return ((Hub.SubscribeResult.Subscribed) hub.subscribe(filter, start, member)).subscription();
  }

  /** Who serves: on its own thread, or when asked. */
  private interface Table extends Cohort.Server {
    void ask(Guest guest);
  }

  /** Serves when it is told to. */
  private static final class Waiter implements Table {
    private final Queue<Cohort> due = new ArrayDeque<>();

    @Override
    public void due(Cohort cohort) {
      due.add(cohort);
    }

    @Override
    public void ask(Guest guest) {
      guest.drain();
    }

    void serveAll() {
      for (Cohort next = due.poll(); next != null; next = due.poll()) {
        next.serve();
      }
    }
  }

  /** Serves on a thread of its own. */
  private static final class ServingThread implements Table {
    private final BlockingQueue<Runnable> turns = new LinkedBlockingQueue<>();
    private final Thread thread = Thread.ofPlatform().daemon().start(this::run);
    private boolean isOver;

    @Override
    public void due(Cohort cohort) {
      turns.add(cohort::serve);
    }

    @Override
    public void ask(Guest guest) {
      turns.add(guest::drain);
    }

    /** Once nothing is left to do. */
    void end() throws InterruptedException {
      turns.add(() -> turns.add(() -> isOver = true));
      assertThat(thread.join(Duration.ofMinutes(1))).isTrue();
    }

    private void run() {
      while (!isOver || !turns.isEmpty()) {
        try {
          turns.take().run();
        } catch (InterruptedException e) {
          return;
        }
      }
    }
  }

  /** Writes down what it is given. */
  private static final class Guest implements Cohort.Member {
    private final Table table;
    private final Subscription subscription;

    /** A turn may come before {@link #subscription} is set. */
    private volatile boolean isOpen;

    private final List<List<EncodedEvent>> shares = new ArrayList<>();
    private final List<Long> seqs = new ArrayList<>();

    Guest(Hub hub, EventFilter filter, Start start, Table table) {
      this.table = table;
      this.subscription = subscribed(hub, filter, start, this);
      this.isOpen = true;
    }

    @Override
    public Cohort.Server server() {
      return table;
    }

    @Override
    public void turn() {
      if (!isOpen) {
        return; // It is woken once it is open.
      }
      drain();
    }

    @Override
    public void wake() {
      table.ask(this);
    }

    private void drain() {
      for (Next next = subscription.poll(BYTES_MAX);
          !(next instanceof Next.Nothing);
          next = subscription.poll(BYTES_MAX)) {
        if (next instanceof Next.Events events) {
          shares.add(events.events());
          events.events().forEach(event -> seqs.add(event.seq()));
        }
      }
    }
  }

  /** Takes every run and keeps nothing. */
  private static final class Taker implements Cohort.Member {
    private final Waiter waiter;
    private final Subscription subscription;

    Taker(Hub hub, Waiter waiter) {
      this.waiter = waiter;
      this.subscription = subscribed(hub, DEFAULT, new Start.Latest(), this);
    }

    @Override
    public Cohort.Server server() {
      return waiter;
    }

    @Override
    public void turn() {
      if (!(subscription.pollLive(BYTES_MAX) instanceof Next.Events events) || !events.isAll()) {
        throw new AssertionError("it keeps up");
      }
    }

    @Override
    public void wake() {
      throw new AssertionError("it keeps up");
    }
  }
}
