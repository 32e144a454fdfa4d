package dev.reactorhub.log.engine;

import dev.reactorhub.event.Event;
import dev.reactorhub.log.Appended;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.log.LogSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives the events of one group their places and finds the duplicates. Used once, by one thread.
 */
final class Numbering {
  private final LogSettings settings;
  private final Instant storedAt;
  private final Map<String, Remembered> remembered;
  private final Map<String, Long> stored = new HashMap<>();
  private final List<LogRecord> records = new ArrayList<>();
  private long nextSeq;
  private long duplicates;

  /**
   * Starts a group.
   *
   * @param head the newest place taken
   * @param remembered what the dedup index knows of the group's ids
   */
  Numbering(LogSettings settings, Instant storedAt, long head, Map<String, Remembered> remembered) {
    this.settings = settings;
    this.storedAt = storedAt;
    this.remembered = remembered;
    this.nextSeq = head + 1;
  }

  /** Numbers the events of one append. */
  List<Appended> number(List<Event> events) {
    List<Appended> places = new ArrayList<>(events.size());
    for (Event event : events) {
      places.add(place(event));
    }
    return places;
  }

  /** The events to store, in order. */
  List<LogRecord> records() {
    return records;
  }

  /** How many events are not to be stored because their ids are known. */
  long duplicates() {
    return duplicates;
  }

  private Appended place(Event event) {
    String id = event.id();
    Long inGroup = stored.get(id);
    if (inGroup != null && inGroup >= nextSeq - settings.dedupIdsMax()) {
      duplicates++;
      return new Appended(id, inGroup, true);
    }
    Remembered before = remembered.get(id);
    if (before != null && before.holds(settings, nextSeq, storedAt.toEpochMilli())) {
      duplicates++;
      return new Appended(id, before.seq(), true);
    }
    long seq = nextSeq++;
    stored.put(id, seq);
    records.add(new LogRecord(seq, storedAt, event));
    return new Appended(id, seq, false);
  }
}
