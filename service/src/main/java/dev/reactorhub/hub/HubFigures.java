package dev.reactorhub.hub;

import dev.reactorhub.tally.Tally;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What a hub did for its subscribers, and how many of them are behind. Any thread. */
public final class HubFigures {
  private final Map<Sessions.Face, DeliveryFigures> deliveries = new EnumMap<>(Sessions.Face.class);
  private final Tally<GapReason> gaps = new Tally<>(GapReason.class);
  private final AtomicInteger behind = new AtomicInteger();
  private final AtomicInteger slow = new AtomicInteger();
  private final LongAdder lagging = new LongAdder();
  private final LongAdder replayed = new LongAdder();

  HubFigures() {
    for (Sessions.Face face : Sessions.Face.values()) {
      deliveries.put(face, new DeliveryFigures());
    }
  }

  /** What a face delivered: for the face to write. */
  public DeliveryFigures deliveries(Sessions.Face face) {
    return Objects.requireNonNull(deliveries.get(face));
  }

  /** Gaps told to subscribers, by reason. */
  public long gaps(GapReason reason) {
    return gaps.count(reason);
  }

  /** Subscriptions that are served from the window or the log, for whatever reason. */
  public int behind() {
    return behind.get();
  }

  /** Those of them that were live and did not keep up. */
  public int slow() {
    return slow.get();
  }

  /** How often a live subscription fell behind. */
  public long lagging() {
    return lagging.sum();
  }

  /** Events read from the log for subscriptions. */
  public long replayed() {
    return replayed.sum();
  }

  void told(GapReason reason) {
    gaps.add(reason);
  }

  void replayed(int events) {
    replayed.add(events);
  }

  void fellBehind() {
    lagging.increment();
    slow.incrementAndGet();
  }

  void isSlowNoMore() {
    slow.decrementAndGet();
  }

  void beginsReplay() {
    behind.incrementAndGet();
  }

  void endsReplay() {
    behind.decrementAndGet();
  }
}
