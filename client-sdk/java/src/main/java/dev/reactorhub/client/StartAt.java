package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/** Where in the log a subscription begins. */
public sealed interface StartAt {

  /**
   * From now on: only events stored after the hub took the subscription, which {@link Connected}
   * tells.
   */
  record Latest() implements StartAt {}

  /** From the oldest event that the log still holds. */
  record Earliest() implements StartAt {}

  /**
   * After a position, of any channel and of any face of the hub. When the log no longer reaches
   * back to it, a {@link Gap} comes first.
   *
   * @param position the resume token
   */
  record After(String position) implements StartAt {
    /** Checks that there is one. */
    public After {
      Names.position(position);
    }
  }

  /**
   * From the first event stored at or after a time.
   *
   * @param time by the hub's clock
   */
  record Since(Instant time) implements StartAt {
    /** Checks that there is one. */
    public Since {
      requireNonNull(time, "time");
    }
  }

  /**
   * After the position in a store, which the subscription keeps up to date with what was handled.
   * When the log no longer reaches back to it, a {@link Gap} comes first.
   *
   * @param store keeps the position
   * @param whenEmpty where to begin the first time; not another store
   */
  record Stored(PositionStore store, StartAt whenEmpty) implements StartAt {
    /** Checks that there are both. */
    public Stored {
      requireNonNull(store, "store");
      requireNonNull(whenEmpty, "whenEmpty");
      if (whenEmpty instanceof Stored) {
        throw new IllegalArgumentException("whenEmpty is a store as well: must be a fixed start");
      }
    }
  }

  /**
   * From now on.
   *
   * @return the start
   */
  static StartAt latest() {
    return new Latest();
  }

  /**
   * From the oldest event.
   *
   * @return the start
   */
  static StartAt earliest() {
    return new Earliest();
  }

  /**
   * After a position.
   *
   * @param position the resume token
   * @return the start
   */
  static StartAt after(String position) {
    return new After(position);
  }

  /**
   * From a time on.
   *
   * @param time by the hub's clock
   * @return the start
   */
  static StartAt since(Instant time) {
    return new Since(time);
  }

  /**
   * After the position in a store, which is kept up to date with what was handled: each event is
   * handled at least once, across restarts of the program.
   *
   * @param store keeps the position
   * @param whenEmpty where to begin the first time
   * @return the start
   */
  static StartAt stored(PositionStore store, StartAt whenEmpty) {
    return new Stored(store, whenEmpty);
  }
}
