package dev.reactorhub.workload;

import com.google.protobuf.util.Durations;
import dev.reactorhub.event.Position;
import dev.reactorhub.history.Consumption;
import dev.reactorhub.history.Content;
import dev.reactorhub.v1.Acknowledge;
import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.ConsumerMode;
import dev.reactorhub.v1.Delivery;
import dev.reactorhub.v1.Extend;
import dev.reactorhub.v1.Open;
import dev.reactorhub.v1.Reject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One client of a durable consumer, a moody one: it acknowledges one by one or up to a position,
 * gives events back, forgets some until their deadline passes, asks for more time, leaves in order,
 * and cuts its connection. After each end it opens again.
 */
final class LoopingConsumer implements Runnable {
  /** Codes with which the hub may end a stream. */
  private static final Set<String> EXPECTED = Set.of("going_away", "log_unavailable", "disk_full");

  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration RETRY = Duration.ofMillis(100);
  private static final Duration FAREWELL_MAX = Duration.ofSeconds(30);

  private final Supplier<Endpoint> endpoint;
  private final Consumption consumption;
  private final Open open;
  private final Mood mood;
  private final SplittableRandom random;

  // Of the present stream.

  /** What came and was not dealt with, by seq. */
  private final TreeMap<Long, Pending> pending = new TreeMap<>();

  /** What came and is left to its deadline. */
  private final TreeMap<Long, Pending> forgotten = new TreeMap<>();

  /** By channel, what was given back and did not come again. */
  private final Map<String, Long> rejected = new HashMap<>();

  private long newestSeq;
  private long ref;

  /**
   * How a client behaves.
   *
   * @param isCalm true: it acknowledges everything at once
   * @param isOver true: it leaves
   */
  record Mood(BooleanSupplier isCalm, BooleanSupplier isOver) {}

  /**
   * An event that came.
   *
   * @param isLate it came after a newer one
   */
  private record Pending(Position position, String channel, boolean isLate) {}

  LoopingConsumer(
      Supplier<Endpoint> endpoint,
      Consumption consumption,
      Open open,
      Mood mood,
      SplittableRandom random) {
    this.endpoint = endpoint;
    this.consumption = consumption;
    this.open = open;
    this.mood = mood;
    this.random = random;
  }

  @Override
  public void run() {
    while (!mood.isOver().getAsBoolean()) {
      Endpoint to = endpoint.get();
      Consumption.Stream stream = consumption.opening();
      try (ConsumeCall call = new ConsumeCall(to)) {
        pending.clear();
        forgotten.clear();
        rejected.clear();
        newestSeq = 0;
        ref = 0;
        call.send(ConsumeRequest.newBuilder().setOpen(open));
        follow(to, stream, call);
        stream.leaving();
      }
      LockSupport.parkNanos(RETRY.toNanos());
    }
  }

  private void follow(Endpoint to, Consumption.Stream stream, ConsumeCall call) {
    while (to.equals(endpoint.get())) {
      var frame = call.next(LOOK);
      if (frame.isPresent()) {
        switch (frame.get()) {
          case ConsumeCall.Frame.Came(ConsumeResponse response) -> take(stream, response);
          case ConsumeCall.Frame.Over over -> {
            over(stream, over);
            return;
          }
        }
      }
      if (mood.isOver().getAsBoolean()) {
        leaveInOrder(stream, call);
        return;
      }
      if (mood.isCalm().getAsBoolean()) {
        acknowledgeAll(stream, call);
      } else if (!act(stream, call)) {
        return;
      }
    }
  }

  private static void over(Consumption.Stream stream, ConsumeCall.Frame.Over over) {
    if (!over.code().isEmpty()) {
      stream.refused();
      if (!EXPECTED.contains(over.code())) {
        throw new AssertionError("a consumer's stream was ended: " + over.code());
      }
    }
  }

  private void take(Consumption.Stream stream, ConsumeResponse response) {
    switch (response.getFrameCase()) {
      case OPENED ->
          stream.opened(
              Wire.position(response.getOpened().getPosition()), response.getOpened().getCreated());
      case BATCH -> response.getBatch().getDeliveriesList().forEach(each -> take(stream, each));
      case POSITION -> stream.told(Wire.position(response.getPosition().getPosition()));
      case GAP ->
          stream.gap(
              Wire.position(response.getGap().getFrom()), Wire.position(response.getGap().getTo()));
      case ACKNOWLEDGED ->
          stream.confirmed(
              response.getAcknowledged().getRef(),
              Wire.position(response.getAcknowledged().getPosition()));
      case ROLE, GOING_AWAY -> {}
      case FRAME_NOT_SET -> throw new AssertionError("not expected: " + response);
    }
  }

  private void take(Consumption.Stream stream, Delivery delivery) {
    Position position = Wire.position(delivery.getEvent().getPosition());
    Content content = Wire.content(delivery.getEvent());
    if (!stream.delivered(position, content, delivery.getAttempt())) {
      return;
    }
    long seq = position.seq();
    rejected.remove(content.channel(), seq);
    forgotten.remove(seq);
    pending.put(seq, new Pending(position, content.channel(), seq < newestSeq));
    newestSeq = Math.max(newestSeq, seq);
  }

  /** Does one thing; false when it is the end of the stream. */
  private boolean act(Consumption.Stream stream, ConsumeCall call) {
    int dice = random.nextInt(200);
    if (dice == 0) {
      stream.leaving(); // Cut off without a word.
      return false;
    }
    if (dice == 1) {
      leaveInOrder(stream, call);
      return false;
    }
    if (pending.isEmpty()) {
      return true;
    }
    if (dice < 8) {
      reject(stream, call, any());
    } else if (dice < 12) {
      Pending any = any();
      pending.remove(any.position().seq());
      forgotten.put(any.position().seq(), any);
    } else if (dice < 16) {
      call.send(
          ConsumeRequest.newBuilder()
              .setExtend(Extend.newBuilder().addSeqs(any().position().seq())));
    } else if (dice < 60) {
      List<Pending> some = pending.values().stream().filter(each -> random.nextInt(3) > 0).toList();
      acknowledge(stream, call, some, 0);
    } else if (dice < 190) {
      acknowledgeAll(stream, call);
    }
    return true;
  }

  private Pending any() {
    return List.copyOf(pending.values()).get(random.nextInt(pending.size()));
  }

  private void reject(Consumption.Stream stream, ConsumeCall call, Pending which) {
    long seq = which.position().seq();
    if (!stream.rejecting(List.of(which.position()))) {
      return;
    }
    call.send(
        ConsumeRequest.newBuilder()
            .setReject(
                Reject.newBuilder()
                    .addSeqs(seq)
                    .setDelay(Durations.fromMillis(random.nextInt(2) * random.nextLong(200)))
                    .setError("did not like it")));
    rejected.put(which.channel(), seq);
    pending.remove(seq);
    // What comes after it in its channel comes again: it is not begun.
    pending
        .tailMap(seq)
        .values()
        .removeIf(each -> isExclusive() || each.channel().equals(which.channel()));
  }

  /** Acknowledges what came, up to a position as far as nothing else lies before it. */
  private void acknowledgeAll(Consumption.Stream stream, ConsumeCall call) {
    if (pending.isEmpty()) {
      return;
    }
    Pending last = pending.lastEntry().getValue();
    boolean isBlocked = isExclusive() ? !rejected.isEmpty() : rejected.containsKey(last.channel());
    boolean hasForgotten = !forgotten.headMap(last.position().seq()).isEmpty();
    long through = isBlocked || hasForgotten ? 0 : last.position().seq();
    acknowledge(stream, call, List.copyOf(pending.values()), through);
  }

  /**
   * Acknowledges.
   *
   * @param through up to here by position, but for those that came late; 0: none
   */
  private void acknowledge(
      Consumption.Stream stream, ConsumeCall call, Collection<Pending> which, long through) {
    if (which.isEmpty()) {
      return;
    }
    ref++;
    List<Position> singly = new ArrayList<>();
    List<Position> covered = new ArrayList<>();
    for (Pending each : which) {
      boolean isCovered = each.position().seq() <= through && !each.isLate();
      (isCovered ? covered : singly).add(each.position());
    }
    if (!stream.acknowledging(singly, covered, ref)) {
      return;
    }
    Acknowledge.Builder acknowledge = Acknowledge.newBuilder().setRef(ref);
    singly.forEach(position -> acknowledge.addSeqs(position.seq()));
    if (!covered.isEmpty()) {
      acknowledge.setThrough(covered.getLast().toString());
    }
    call.send(ConsumeRequest.newBuilder().setAcknowledge(acknowledge));
    singly.forEach(position -> pending.remove(position.seq()));
    covered.forEach(position -> pending.remove(position.seq()));
  }

  /** What is confirmed until the end still counts; what is still out goes to others. */
  private void leaveInOrder(Consumption.Stream stream, ConsumeCall call) {
    acknowledgeAll(stream, call);
    // From here on what is left may be with others.
    if (!stream.releasing()) {
      return;
    }
    call.finish();
    long until = System.nanoTime() + FAREWELL_MAX.toNanos();
    while (System.nanoTime() < until) {
      var frame = call.next(LOOK);
      if (frame.isPresent()) {
        switch (frame.get()) {
          case ConsumeCall.Frame.Came(ConsumeResponse response) -> take(stream, response);
          case ConsumeCall.Frame.Over over -> {
            over(stream, over);
            return;
          }
        }
      }
    }
    throw new AssertionError("a consumer's stream does not end");
  }

  private boolean isExclusive() {
    return open.getDefinition().getMode() == ConsumerMode.CONSUMER_MODE_EXCLUSIVE;
  }
}
