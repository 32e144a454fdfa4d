package dev.reactorhub.history;

import dev.reactorhub.event.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What the clients of one durable consumer did and were told, in one order for all of them. Safe
 * from any thread.
 */
public final class Consumption {
  private final History history;
  private final Definition definition;
  private final LongSupplier clock;
  private final List<ConsumerMoment> moments = new ArrayList<>();
  private final Map<Position, Letter> letters = new LinkedHashMap<>();
  private int streams;
  private int life;
  private long deliveries;
  private long redeliveries;
  private long confirmations;

  /**
   * What the consumer is.
   *
   * @param filter which events it asked for, its own dead letters left out
   * @param isExclusive order is kept over all channels, not within each
   */
  public record Definition(
      String name, Predicate<Content> filter, boolean isExclusive, Limits limits) {}

  /**
   * How long and how often.
   *
   * @param ackDeadline of each delivery
   * @param attemptsMax deliveries that may fail
   */
  public record Limits(Duration ackDeadline, int attemptsMax) {}

  /** What a dead letter says. */
  public record Letter(Content event, int attempts, String error) {}

  Consumption(History history, Definition definition, LongSupplier clock) {
    this.history = history;
    this.definition = definition;
    this.clock = clock;
  }

  /** A client is about to open a stream. */
  public synchronized Stream opening() {
    Stream stream = new Stream(++streams, life);
    add(stream, new ConsumerMoment.What.Opening());
    return stream;
  }

  /** The process that was served from is gone: what its streams still say does not count. */
  public synchronized void moved() {
    life++;
    moments.add(new ConsumerMoment(clock.getAsLong(), 0, new ConsumerMoment.What.Moved()));
  }

  /** A dead letter of this consumer is in the log. */
  public synchronized void parked(Position position, Letter letter) {
    letters.put(position, letter);
  }

  /** Everything that matches up to here is dealt with, the hub said outside of any stream. */
  public synchronized void told(Position cursor) {
    moments.add(new ConsumerMoment(clock.getAsLong(), 0, new ConsumerMoment.What.Told(cursor)));
  }

  /** In one line. */
  public synchronized String summary() {
    return definition.name()
        + ": streams="
        + streams
        + " deliveries="
        + deliveries
        + " redelivered="
        + redeliveries
        + " confirmed="
        + confirmations
        + " parked="
        + letters.size();
  }

  /** How many deliveries came so far. */
  public synchronized long deliveries() {
    return deliveries;
  }

  /** How many deliveries came that were not the first attempt. */
  public synchronized long redeliveries() {
    return redeliveries;
  }

  Definition definition() {
    return definition;
  }

  synchronized List<ConsumerMoment> moments() {
    return List.copyOf(moments);
  }

  synchronized Map<Position, Letter> letters() {
    return Map.copyOf(letters);
  }

  private void add(Stream stream, ConsumerMoment.What what) {
    moments.add(new ConsumerMoment(clock.getAsLong(), stream.number, what));
  }

  /**
   * One stream. Each method writes something down and returns true, or returns false when the
   * stream was left, or its process is gone: then it does not count.
   */
  public final class Stream {
    private final int number;
    private final int bornIn;
    private boolean isOver;

    private Stream(int number, int bornIn) {
      this.number = number;
      this.bornIn = bornIn;
    }

    /** The hub opened it. */
    public boolean opened(Position cursor, boolean isMade) {
      return write(new ConsumerMoment.What.Opened(cursor, isMade));
    }

    /** An event came. */
    public boolean delivered(Position at, Content content, int attempt) {
      synchronized (Consumption.this) {
        boolean counts =
            write(
                new ConsumerMoment.What.Delivered(
                    at, history.shared(new Observation.Delivered(at, content)).content(), attempt));
        deliveries += counts ? 1 : 0;
        redeliveries += counts && attempt > 1 ? 1 : 0;
        return counts;
      }
    }

    /** Events are about to be acknowledged, one by one. */
    public boolean acknowledging(Collection<Position> positions, long ref) {
      return acknowledging(positions, List.of(), ref);
    }

    /**
     * Events are about to be acknowledged.
     *
     * @param through by a position: that does not concern what was taken back meanwhile
     */
    public boolean acknowledging(
        Collection<Position> singly, Collection<Position> through, long ref) {
      return write(
          new ConsumerMoment.What.Acknowledging(List.copyOf(singly), List.copyOf(through), ref));
    }

    /** Acknowledgements are durable. */
    public boolean confirmed(long ref, Position cursor) {
      synchronized (Consumption.this) {
        boolean counts = write(new ConsumerMoment.What.Confirmed(ref, cursor));
        confirmations += counts ? 1 : 0;
        return counts;
      }
    }

    /** Everything that matches up to here is dealt with, it was said. */
    public boolean told(Position cursor) {
      return write(new ConsumerMoment.What.Told(cursor));
    }

    /** Events are about to be given back. */
    public boolean rejecting(Collection<Position> positions) {
      return write(new ConsumerMoment.What.Rejecting(List.copyOf(positions)));
    }

    /** A hole was announced. */
    public boolean gap(Position from, Position to) {
      return write(new ConsumerMoment.What.Gap(from, to));
    }

    /** It is about to be ended in order: what it was given may go to others. */
    public boolean releasing() {
      return write(new ConsumerMoment.What.Releasing());
    }

    /** It is about to be broken off, or was. */
    public boolean leaving() {
      return end(new ConsumerMoment.What.Leaving());
    }

    /** The hub ended it with an error or a farewell, and did not die. */
    public boolean refused() {
      return end(new ConsumerMoment.What.Refused());
    }

    private boolean end(ConsumerMoment.What how) {
      synchronized (Consumption.this) {
        boolean counts = write(how);
        isOver = true;
        return counts;
      }
    }

    private boolean write(ConsumerMoment.What what) {
      synchronized (Consumption.this) {
        if (isOver || bornIn != life) {
          return false;
        }
        add(this, what);
        return true;
      }
    }
  }
}
