package dev.reactorhub.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.consumer.Definition.Mode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The ledger beside {@link LedgerModel}, through many random lives. */
final class LedgerModelTest {
  private static final int LIVES = 200;
  private static final int STEPS = 400;

  @Test
  void sharedClientsAreGivenWhatTheyMayBeAndEverythingIsDealtWithInTheEnd() {
    for (long seed = 1; seed <= LIVES; seed++) {
      new Life(seed, Mode.SHARED).live();
    }
  }

  @Test
  void exclusiveClientsAreGivenWhatTheyMayBeAndEverythingIsDealtWithInTheEnd() {
    for (long seed = 1; seed <= LIVES; seed++) {
      new Life(seed, Mode.EXCLUSIVE).live();
    }
  }

  /** One random life of a consumer. */
  private static final class Life {
    private static final int EVENT_BYTES_MAX = 40;
    private static final int ACK_DEADLINE = 50;

    private final long seed;
    private final Random random;
    private final LedgerModel model;
    private final Ledger.Bounds bounds;

    /** The log, by seq. Some seqs match nothing. */
    private final TreeMap<Long, Logged> log = new TreeMap<>();

    private final List<Holder<Long>> holders = new ArrayList<>();
    private Ledger<Long> ledger;
    private long head;
    private long now;

    /** The newest seq that the model knows. */
    private long known;

    private record Logged(String channel, int bytes) {}

    Life(long seed, Mode mode) {
      this.seed = seed;
      this.random = new Random(seed);
      int attemptsMax = 1 + random.nextInt(4);
      this.model = new LedgerModel(mode, attemptsMax);
      this.bounds =
          new Ledger.Bounds(mode, attemptsMax, 5 + random.nextInt(30), random.nextInt(200));
      this.ledger = new Ledger<>(bounds, LedgerState.at(0));
    }

    void live() {
      try {
        for (int step = 0; step < STEPS; step++) {
          step();
          read();
        }
        settle();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", " + bounds + ": " + e.getMessage(), e);
      }
    }

    private void step() {
      switch (random.nextInt(20)) {
        case 0, 1, 2 -> publish();
        case 3 -> open();
        case 4 -> close(random.nextBoolean());
        case 5, 6, 7, 8 -> take();
        case 9, 10, 11 -> acknowledge();
        case 12 -> acknowledgeThrough();
        case 13 -> reject();
        case 14 -> extend();
        case 15 -> credit();
        case 16, 17 -> pass(random.nextInt(30));
        case 18 -> park();
        case 19 -> seldom();
        default -> throw new AssertionError();
      }
    }

    private void seldom() {
      switch (random.nextInt(4)) {
        case 0 -> restart();
        case 1 -> ledger.releaseEvents();
        default -> park();
      }
    }

    private void publish() {
      for (int i = random.nextInt(6); i >= 0; i--) {
        head++;
        if (random.nextInt(4) > 0) {
          log.put(head, new Logged("c" + random.nextInt(4), 1 + random.nextInt(EVENT_BYTES_MAX)));
        }
      }
    }

    private void open() {
      if (holders.size() < 4) {
        Holder<Long> holder = ledger.open(ACK_DEADLINE);
        model.opened(holder, holder.newestTold);
        holders.add(holder);
        grant(holder);
      }
    }

    private void grant(Holder<Long> holder) {
      holder.eventsMax = random.nextInt(12);
      holder.bytesMax = 1L + random.nextInt(200);
    }

    private void credit() {
      pick(holders).forEach(this::grant);
    }

    private void close(boolean isFailure) {
      for (Holder<Long> holder : pick(holders)) {
        holders.remove(holder);
        ledger.close(holder, isFailure, now);
        model.left(holder, isFailure);
        checkHeld();
      }
    }

    /** Reads as whoever owns a ledger must. */
    private void read() {
      while (ledger.wantedAgain() > 0) {
        long seq = ledger.wantedAgain();
        ledger.fill(seq, seq);
        assertThat(ledger.wantedAgain()).isNotEqualTo(seq);
      }
      while (ledger.wantsMore() && ledger.readThrough() < head) {
        Map.Entry<Long, Logged> next = log.higherEntry(ledger.readThrough());
        if (next == null) {
          ledger.readThrough(head);
        } else {
          long seq = next.getKey();
          String channel = next.getValue().channel();
          if (!isKnown(seq)) {
            model.add(seq, channel);
          }
          ledger.add(seq, channel, next.getValue().bytes(), seq);
        }
      }
      assertThat(ledger.floor()).isEqualTo(model.floor(ledger.readThrough()));
    }

    private boolean isKnown(long seq) {
      boolean isKnown = seq <= known;
      known = Math.max(known, seq);
      return isKnown;
    }

    private void take() {
      for (Holder<Long> holder : pick(holders)) {
        boolean isPromised = ledger.hasSomethingFor(holder);
        Taken<Long> taken = ledger.take(holder, now, 1 + random.nextInt(100));
        assertThat(taken instanceof Taken.Events).isEqualTo(isPromised);
        if (taken instanceof Taken.Events<Long>(List<Delivery<Long>> events)) {
          assertThat(holder.isActive).isTrue();
          for (Delivery<Long> given : events) {
            assertThat(given.event()).isEqualTo(given.seq());
            model.given(given.seq(), holder, given.attempt(), now + ACK_DEADLINE);
          }
          checkCredit(holder);
        }
      }
    }

    private void checkCredit(Holder<Long> holder) {
      List<Long> held = model.heldBy(holder);
      long heldBytes = bytes(held);
      assertThat(held).hasSizeLessThanOrEqualTo(holder.eventsMax);
      assertThat(heldBytes <= holder.bytesMax || held.size() == 1).isTrue();
    }

    private void acknowledge() {
      for (Holder<Long> holder : pick(holders)) {
        // Late ones as well, and such as were never given.
        List<Long> seqs = new ArrayList<>(some(model.heldBy(holder)));
        if (random.nextInt(5) == 0 && head > 0) {
          seqs.add(1 + (long) random.nextInt((int) head));
        }
        seqs.removeIf(seq -> !ledger.isTold(holder, seq));
        ledger.acknowledge(holder, seqs);
        seqs.forEach(model::acknowledged);
        checkHeld();
      }
    }

    private void acknowledgeThrough() {
      for (Holder<Long> holder : pick(holders)) {
        long through = random.nextInt((int) holder.newestTold + 1);
        List<Long> seen = model.seenBy(holder, through);
        assertThat(ledger.acknowledgeThrough(holder, through)).isEqualTo(seen.size());
        seen.forEach(model::acknowledged);
        checkHeld();
      }
    }

    private void reject() {
      for (Holder<Long> holder : pick(holders)) {
        List<Long> seqs = some(model.heldBy(holder));
        long until = now + random.nextInt(20);
        ledger.reject(holder, seqs, "no", new Ledger.Times(now, until));
        seqs.stream().sorted(Comparator.reverseOrder()).forEach(model::failed);
        checkHeld();
      }
    }

    private void extend() {
      for (Holder<Long> holder : pick(holders)) {
        List<Long> seqs = some(model.heldBy(holder));
        if (!seqs.isEmpty()) {
          ledger.extend(holder, seqs, now + 90);
          seqs.forEach(seq -> model.extended(seq, now + 90));
        }
      }
    }

    private void pass(int nanos) {
      now += nanos;
      ledger.expire(now);
      List<Object> late = model.expired(now);
      if (bounds.mode() == Mode.EXCLUSIVE && holders.size() > 1) {
        late.forEach(holder -> model.left(holder, false));
      }
      checkHeld();
    }

    private void park() {
      Entry<Long> next = ledger.pollToPark();
      if (next != null) {
        if (random.nextInt(3) == 0) {
          ledger.parkAgain(next);
        } else {
          model.parked(next.seq, ledger.parked(next));
        }
      }
    }

    private void restart() {
      LedgerState state = ledger.state();
      long before = ledger.floor();
      holders.clear();
      model.restarted();
      ledger = new Ledger<>(bounds, state);
      assertThat(ledger.floor()).isEqualTo(before);
      assertThat(ledger.state()).isEqualTo(state);
    }

    /** Both agree on who has what; one holder is active. */
    private void checkHeld() {
      for (Holder<Long> holder : holders) {
        List<Long> held =
            ledger.held(holder, Long.MAX_VALUE).stream().map(entry -> entry.seq).toList();
        assertThat(held).containsExactlyElementsOf(model.heldBy(holder));
        assertThat(holder.outstanding).isEqualTo(held.size());
        assertThat(holder.bytes).isEqualTo(bytes(held));
      }
      if (bounds.mode() == Mode.EXCLUSIVE && !holders.isEmpty()) {
        assertThat(holders.stream().filter(holder -> holder.isActive)).hasSize(1);
      }
    }

    /** With one willing client and time, everything is dealt with. */
    private void settle() {
      while (!holders.isEmpty()) {
        ledger.close(holders.getFirst(), false, now);
        model.left(holders.removeFirst(), false);
      }
      Holder<Long> last = ledger.open(ACK_DEADLINE);
      holders.add(last);
      last.eventsMax = 10;
      last.bytesMax = 1_000;
      for (int i = 0; i < 10_000 && !(model.isAllDone() && ledger.readThrough() >= head); i++) {
        read();
        take();
        List<Long> held = model.heldBy(last);
        ledger.acknowledge(last, held);
        held.forEach(model::acknowledged);
        park();
        pass(1);
      }
      assertThat(model.isAllDone()).as("all is dealt with").isTrue();
      assertThat(ledger.floor()).isEqualTo(head);
      assertThat(ledger.open()).isZero();
      assertThat(model.parked).doesNotHaveDuplicates();
    }

    private long bytes(Collection<Long> seqs) {
      return seqs.stream().mapToLong(seq -> log.floorEntry(seq).getValue().bytes()).sum();
    }

    private <T> List<T> pick(List<T> from) {
      return from.isEmpty() ? List.of() : List.of(from.get(random.nextInt(from.size())));
    }

    private <T> List<T> some(List<T> from) {
      return from.stream().filter(each -> random.nextInt(3) == 0).toList();
    }
  }
}
