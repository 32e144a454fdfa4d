package dev.reactorhub.app;

import dev.reactorhub.cli.LogTools;
import dev.reactorhub.cli.LogUnusableException;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.Position;
import dev.reactorhub.event.TypeRule;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.log.ReadResult;
import dev.reactorhub.log.rocks.LogDamage;
import dev.reactorhub.log.rocks.LogDirectoryException;
import dev.reactorhub.log.rocks.RocksLogFiles;
import dev.reactorhub.log.rocks.Verification;
import dev.reactorhub.wire.Filters;
import dev.reactorhub.wire.LogLines;
import dev.reactorhub.wire.ProblemException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The work on a log that no hub runs on, over the files of {@code log.rocks}. */
public final class OfflineLog implements LogTools {
  /** So many places are named of each kind of damage. */
  private static final int PLACES_MAX = 10;

  private static final ReadLimit A_READ = new ReadLimit(1000, 4L << 20);

  private final InstantSource clock;

  /** Stamps what is imported by this clock. */
  public OfflineLog(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Summary info(Path directory) {
    return withLog(() -> summary(RocksLogFiles.open(directory)));
  }

  private static Summary summary(RocksLogFiles opened) {
    try (RocksLogFiles log = opened) {
      LogRange range = log.range();
      List<ChannelInfo> channels = new ArrayList<>();
      log.channels()
          .forEach(
              (channel, count) -> {
                Position last = new Position(range.epoch(), count.lastSeq());
                channels.add(new ChannelInfo(channel.value(), count.events(), last.toString()));
              });
      Optional<Ends> ends =
          range.head() == range.earliest()
              ? Optional.empty()
              : Optional.of(new Ends(place(log, range.earliest() + 1), place(log, range.head())));
      return new Summary(
          log.format(), range.epoch().value(), log.events(), log.bytesOnDisk(), ends, channels);
    }
  }

  private static Place place(RocksLogFiles log, long seq) {
    return new Place(new Position(log.range().epoch(), seq).toString(), log.storedAt(seq));
  }

  @Override
  public Check verify(Path directory) {
    Map<LogDamage, Found> found = new EnumMap<>(LogDamage.class);
    long events =
        withLog(
            () ->
                Verification.run(
                    directory,
                    (kind, place) -> found.computeIfAbsent(kind, _ -> new Found()).add(place)));
    List<Damage> damage = new ArrayList<>();
    found.forEach((kind, all) -> damage.add(new Damage(kind.meaning(), all.count, all.places)));
    return new Check(events, damage);
  }

  @Override
  public List<String> export(Path directory, Selection selection, LineSink lines) {
    EventFilter filter = filter(selection);
    return withLog(
        () -> {
          try (RocksLogFiles log = RocksLogFiles.open(directory)) {
            return export(log, filter, selection, lines);
          }
        });
  }

  private static List<String> export(
      RocksLogFiles log, EventFilter filter, Selection selection, LineSink lines) {
    LogRange range = log.range();
    long wanted = selection.after().map(after -> seqOf(after, range)).orElse(range.earliest());
    long after = Math.max(wanted, range.earliest());
    long left = selection.limit();
    long removed = 0;
    while (left > 0 && after < range.head()) {
      switch (log.read(after, filter, A_READ)) {
        case ReadResult.Trimmed(long earliest) -> after = earliest;
        case ReadResult.Batch(List<LogRecord> records, long through, long removedThrough) -> {
          removed = Math.max(removed, removedThrough);
          for (LogRecord record : records.subList(0, (int) Math.min(left, records.size()))) {
            left--;
            if (!lines.take(LogLines.encode(range.epoch(), record))) {
              return List.of();
            }
          }
          after = through;
        }
      }
    }
    List<String> missing = new ArrayList<>();
    if (wanted < range.earliest()) {
      missing.add(
          "the export begins after "
              + range.earliestPosition()
              + ": the events before were removed by retention");
    }
    if (removed > 0) {
      missing.add(
          "the newest of the events that rules for channels removed had the position "
              + new Position(range.epoch(), removed)
              + ": they are missing in the export");
    }
    return missing;
  }

  private static long seqOf(String after, LogRange range) {
    Position position = Filters.position(after);
    if (!position.epoch().equals(range.epoch()) || position.seq() > range.head()) {
      throw new IllegalArgumentException(
          "--after is "
              + position
              + ": must be a position of this log, at most "
              + range.headPosition());
    }
    return position.seq();
  }

  private static EventFilter filter(Selection selection) {
    try {
      Set<ChannelPattern> channels =
          selection.channels().isEmpty()
              ? Set.of(ChannelPattern.ALL)
              : Filters.patterns(selection.channels());
      TypeRule types =
          selection.types().isEmpty()
              ? TypeRule.ALL
              : new TypeRule.Only(Filters.types(selection.types()));
      return new EventFilter(channels, types);
    } catch (ProblemException e) {
      throw new IllegalArgumentException(e.problem().message(), e);
    }
  }

  @Override
  public Imported importLines(Path directory, InputStream lines, boolean keepPositions) {
    return withLog(
        () -> {
          LogLines form = new LogLines(clock);
          try (ImportTarget target =
              keepPositions
                  ? new RestoringTarget(directory, form)
                  : new AppendingTarget(directory, form, clock)) {
            return LogImport.run(new LineReader(lines), target);
          }
        });
  }

  private static <T> T withLog(Supplier<T> work) {
    try {
      return work.get();
    } catch (LogDirectoryException e) {
      throw new LogUnusableException(String.valueOf(e.getMessage()), e);
    } catch (ProblemException e) {
      throw new IllegalArgumentException(e.problem().message(), e);
    }
  }

  /** What was found of one kind of damage. */
  private static final class Found {
    private final List<String> places = new ArrayList<>();
    private long count;

    void add(String place) {
      count++;
      if (places.size() < PLACES_MAX) {
        places.add(place);
      }
    }
  }
}
