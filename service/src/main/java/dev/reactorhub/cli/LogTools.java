package dev.reactorhub.cli;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The work on the directory of a log that no hub runs on: what the composition root does for {@code
 * hub log}. Every method takes memory that does not grow with the log, and throws {@link
 * LogUnusableException} when the log cannot be opened. One thread.
 */
public interface LogTools {
  /** Tells what a log holds. Changes nothing. */
  Summary info(Path directory);

  /** Looks at everything that a log holds. Changes nothing. */
  Check verify(Path directory);

  /**
   * Hands out the events of a log, oldest first. Changes nothing.
   *
   * @return what is missing since retention has removed it, a sentence each
   * @throws IllegalArgumentException when the selection is none of this log
   */
  List<String> export(Path directory, Selection selection, LineSink lines);

  /**
   * Appends events to a log, which is made when it is missing.
   *
   * @param lines one event each, as {@link #export} writes them; read to the end, not closed
   * @param keepPositions into a new log only: with the epoch, the places and the times of the lines
   */
  Imported importLines(Path directory, InputStream lines, boolean keepPositions);

  /** Takes the lines of an export. */
  @FunctionalInterface
  interface LineSink {
    /** Takes a line, without its end; false when no more are wanted. */
    boolean take(byte[] utf8);
  }

  /**
   * What a log holds.
   *
   * @param format the version of what is stored where
   * @param ends the oldest and the newest place, when there are any
   * @param channels those that have events, by name
   */
  record Summary(
      int format,
      String epoch,
      long events,
      long bytesOnDisk,
      Optional<Ends> ends,
      List<ChannelInfo> channels) {
    /** Copies the list. */
    public Summary {
      channels = List.copyOf(channels);
    }
  }

  /** The oldest and the newest place; events between may have been removed. */
  record Ends(Place first, Place last) {}

  /** Where an event stands and when it was stored. */
  record Place(String position, Instant storedAt) {}

  /** How many events a channel has, and the position of the newest. */
  record ChannelInfo(String channel, long events, String last) {}

  /**
   * What verification found.
   *
   * @param events how many were looked at
   * @param damage empty when the log is sound
   */
  record Check(long events, List<Damage> damage) {
    /** Copies the list. */
    public Check {
      damage = List.copyOf(damage);
    }
  }

  /**
   * One kind of damage.
   *
   * @param count how often it was found
   * @param places where, the first few
   */
  record Damage(String meaning, long count, List<String> places) {
    /** Copies the list. */
    public Damage {
      places = List.copyOf(places);
    }
  }

  /**
   * Which events to export.
   *
   * @param after a position
   * @param channels channels and patterns; none: every channel
   * @param types none: every type
   * @param limit at most so many
   */
  record Selection(Optional<String> after, List<String> channels, List<String> types, long limit) {
    /** Copies the lists. */
    public Selection {
      channels = List.copyOf(channels);
      types = List.copyOf(types);
    }
  }

  /**
   * What became of an import.
   *
   * @param stored events that were stored
   * @param duplicates events that were not, since their ids are remembered
   * @param stoppedBy why it ended before the end of the lines: nothing after was imported
   */
  record Imported(long stored, long duplicates, Optional<String> stoppedBy) {}
}
