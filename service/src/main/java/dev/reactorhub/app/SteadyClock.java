package dev.reactorhub.app;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The hub's time: starts at the wall clock, passes as {@link System#nanoTime} does, and draws near
 * to the wall clock by at most a tenth of the time that passes. It never goes back, and an age
 * measured with it is wrong by a tenth at most, whatever the wall clock does: a jump neither
 * expires events early nor keeps them for ever. After a jump of a day it shows the wall clock's
 * time again ten days later, or after a restart. Any thread.
 */
final class SteadyClock implements InstantSource {
  /** The part of the time that passes by which the clock may run fast or slow. */
  static final int SLEW_DIVISOR = 10;

  /** The wall clock has jumped when it is off by more than this from one reading to the next. */
  static final Duration JUMP_MIN = Duration.ofSeconds(1);

  private static final Logger LOGGER = System.getLogger(SteadyClock.class.getName());

  private static final String REMEDY =
      " remedy=none is needed: the hub's time goes on and draws near by a tenth of what passes;"
          + " a restart takes over a clock that is ahead";

  private final InstantSource wall;
  private final LongSupplier nanos;
  private final Consumer<String> warnings;
  private final ReentrantLock lock = new ReentrantLock();

  /** What was told last. Guarded by {@link #lock}. */
  private Instant now;

  /** The wall clock when it was read last. Guarded by {@link #lock}. */
  private Instant wallRead;

  /** The clock that never jumps when it was read last. Guarded by {@link #lock}. */
  private long nanosRead;

  /**
   * Starts at the wall clock's time.
   *
   * @param nanos never goes back, as {@link System#nanoTime}
   * @param warnings told once of each jump, in one line
   */
  SteadyClock(InstantSource wall, LongSupplier nanos, Consumer<String> warnings) {
    this.wall = wall;
    this.nanos = nanos;
    this.warnings = warnings;
    this.nanosRead = nanos.getAsLong();
    this.wallRead = wall.instant();
    this.now = wallRead;
  }

  /** Starts at the machine's time. */
  static SteadyClock system() {
    return new SteadyClock(
        Clock.systemUTC(), System::nanoTime, line -> LOGGER.log(Level.WARNING, line));
  }

  @Override
  public Instant instant() {
    Instant told;
    Duration jump;
    lock.lock();
    try {
      jump = advance();
      told = now;
    } finally {
      lock.unlock();
    }
    warn("clock_jumped", jump, told);
    return told;
  }

  /**
   * Goes on from this moment if it is still to come: what is stored already was stored before now,
   * though the machine may have started with a clock that is behind.
   */
  void startNoEarlierThan(Instant moment) {
    Duration behind = Duration.between(instant(), moment);
    if (!behind.isPositive()) {
      return;
    }
    lock.lock();
    try {
      now = now.isBefore(moment) ? moment : now;
    } finally {
      lock.unlock();
    }
    warn("clock_behind_the_log", behind, moment);
  }

  /** Reads both clocks; returns by how much the wall clock jumped. Lock held. */
  private Duration advance() {
    long nanosNow = nanos.getAsLong();
    Instant wallNow = wall.instant();
    Duration passed = Duration.ofNanos(Math.max(0, nanosNow - nanosRead));
    Duration jump = Duration.between(wallRead.plus(passed), wallNow);
    Instant unslewed = now.plus(passed);
    Duration off = Duration.between(unslewed, wallNow);
    now = unslewed.plus(bounded(off, passed.dividedBy(SLEW_DIVISOR)));
    nanosRead = nanosNow;
    wallRead = wallNow;
    return jump;
  }

  private static Duration bounded(Duration off, Duration max) {
    if (off.abs().compareTo(max) <= 0) {
      return off;
    }
    return off.isNegative() ? max.negated() : max;
  }

  /** Lock not held: whoever writes the line may take its time. */
  private void warn(String happening, Duration by, Instant now) {
    if (by.abs().compareTo(JUMP_MIN) > 0) {
      warnings.accept(happening + " by=" + by + " now=" + now + REMEDY);
    }
  }
}
