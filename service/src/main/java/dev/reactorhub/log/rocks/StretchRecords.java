package dev.reactorhub.log.rocks;

import dev.reactorhub.event.Event;
import dev.reactorhub.log.LogRange;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What the records of one generation say of channels and ids, in a dozen megabytes: enough to look
 * through the index and the ids in their own order, without going back to the records. One thread.
 */
final class StretchRecords {
  private static final int NO_RECORD = 0;
  private static final int NOT_KNOWN = -1;
  private static final int REMOVED = -2;
  private static final long HASH_START = 0xcbf29ce484222325L;
  private static final long HASH_PRIME = 0x100000001b3L;

  private final LogRange range;
  private final Map<String, Integer> channelNumbers = new HashMap<>();

  /** By place: the number of the record's channel from 1, or one of those above. */
  private final int[] channels = new int[Schema.GENERATION_SEQS];

  /** By place: what the record's id comes to. */
  private final long[] ids = new long[Schema.GENERATION_SEQS];

  private final BitSet indexed = new BitSet(Schema.GENERATION_SEQS);
  private int generation;

  StretchRecords(LogRange range) {
    this.range = range;
  }

  /** Forgets everything and turns to a generation. */
  void begin(int next) {
    generation = next;
    channelNumbers.clear();
    indexed.clear();
    Arrays.fill(channels, NO_RECORD);
  }

  int generation() {
    return generation;
  }

  /** The first place of the generation that is kept. */
  long from() {
    return Math.max(range.earliest() + 1, Schema.firstSeqOf(generation));
  }

  /** The last place of the generation that should have a record. */
  long through() {
    return Math.min(range.head(), Schema.firstSeqOf(generation + 1) - 1);
  }

  /** True when retention has passed the place: what is said of it does not matter. */
  boolean isPast(long seq) {
    return seq <= range.earliest();
  }

  void put(long seq, Event event) {
    int slot = slot(seq);
    channels[slot] =
        channelNumbers.computeIfAbsent(
            event.channel().value(), channel -> channelNumbers.size() + 1);
    ids[slot] = hash(event.id());
  }

  /** Notes that there is something at a place which nobody can read. */
  void putUnknown(long seq) {
    channels[slot(seq)] = NOT_KNOWN;
  }

  /** Notes that channel retention removed the record; its id may be remembered on. */
  void putRemoved(long seq) {
    channels[slot(seq)] = REMOVED;
  }

  /** Notes that the index has a record; false when there is no such record in that channel. */
  boolean index(String channel, long seq) {
    if (!holds(seq)) {
      return false;
    }
    int slot = slot(seq);
    indexed.set(slot);
    return channels[slot] == NOT_KNOWN
        || channels[slot] == channelNumbers.getOrDefault(channel, NOT_KNOWN);
  }

  /** True when the index has the place, or nobody knows whether it should. */
  boolean isIndexed(long seq) {
    int slot = slot(seq);
    return channels[slot] <= NO_RECORD || indexed.get(slot);
  }

  /** True when the record at a place may have this id. */
  boolean hasId(String id, long seq) {
    if (!holds(seq)) {
      return false;
    }
    int slot = slot(seq);
    return channels[slot] < NO_RECORD || (channels[slot] != NO_RECORD && ids[slot] == hash(id));
  }

  private boolean holds(long seq) {
    return seq >= from() && seq <= through();
  }

  private int slot(long seq) {
    return Math.toIntExact(seq - Schema.firstSeqOf(generation));
  }

  /** FNV-1a over the characters: 64 bits tell a million ids apart. */
  private static long hash(String id) {
    long hash = HASH_START;
    for (int i = 0; i < id.length(); i++) {
      hash = (hash ^ id.charAt(i)) * HASH_PRIME;
    }
    return hash;
  }
}
