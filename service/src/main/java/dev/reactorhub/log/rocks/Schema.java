package dev.reactorhub.log.rocks;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.EventType;
import dev.reactorhub.log.engine.Remembered;
import dev.reactorhub.log.rocks.RemovedChannels.ChannelAndType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Format {@value #FORMAT}: what is stored where. Numbers are big-endian, so that keys sort by them.
 *
 * <pre>
 * events      seq (8)                                    → StoredEvent
 * by_channel  segment = seq / 2^18 (4), channel, 0, seq (8) → nothing
 * dedup       generation = seq / 2^20 (4), id            → seq (8), stored at in ms (8)
 * default     epoch | life | earliest | marks            → see Meta
 *             "removed", 0, channel, 0, type             → seq (8) of the newest one removed
 * cursors     name                                       → bytes of whoever has the name
 * </pre>
 *
 * Format 1 lacks the cursors; a hub that opens such a log adds them.
 *
 * <p>The index and the dedup entries lead with a stretch of the log: whole stretches are then
 * removed by one range, however many channels and ids there are, and new entries are all written at
 * the end. Entries below the earliest seq in a stretch that is partly kept are not looked at.
 */
final class Schema {
  /** The version of all of this; a change that older code cannot read increases it. */
  static final int FORMAT = 2;

  static final String EVENTS = "events";
  static final String BY_CHANNEL = "by_channel";
  static final String DEDUP = "dedup";
  static final String CURSORS = "cursors";

  static final int SEGMENT_BITS = 18;
  static final int GENERATION_BITS = 20;

  /** How many places a generation has. */
  static final int GENERATION_SEQS = 1 << GENERATION_BITS;

  private Schema() {}

  static byte[] eventKey(long seq) {
    return ByteBuffer.allocate(8).putLong(seq).array();
  }

  static long seqOfEventKey(byte[] key) {
    return ByteBuffer.wrap(key).getLong();
  }

  static int segmentOf(long seq) {
    return Math.toIntExact(seq >>> SEGMENT_BITS);
  }

  /** The last seq of a segment. */
  static long segmentEnd(int segment) {
    return ((segment + 1L) << SEGMENT_BITS) - 1;
  }

  /** The first key of a segment, or with more text that of a channel prefix in it. */
  static byte[] indexPrefix(int segment, String channelPrefix) {
    byte[] text = channelPrefix.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(4 + text.length).putInt(segment).put(text).array();
  }

  static byte[] indexKey(Channel channel, long seq) {
    byte[] text = channel.value().getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(4 + text.length + 1 + 8)
        .putInt(segmentOf(seq))
        .put(text)
        .put((byte) 0)
        .putLong(seq)
        .array();
  }

  static long seqOfIndexKey(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - 8);
  }

  static String channelOfIndexKey(byte[] key) {
    return new String(key, 4, key.length - 4 - 1 - 8, StandardCharsets.US_ASCII);
  }

  /**
   * The first key of what channel retention removed, or with more text that of a channel prefix.
   */
  static byte[] removedPrefix(String channelPrefix) {
    return ("removed\0" + channelPrefix).getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] removedKey(ChannelAndType of) {
    return removedPrefix(of.channel().value() + '\0' + of.type().value());
  }

  static ChannelAndType removedOf(byte[] key) {
    String[] parts = new String(key, StandardCharsets.US_ASCII).split("\0", 3);
    return new ChannelAndType(new Channel(parts[1]), new EventType(parts[2]));
  }

  static int generationOf(long seq) {
    return Math.toIntExact(seq >>> GENERATION_BITS);
  }

  /** The first seq of a generation. */
  static long firstSeqOf(int generation) {
    return (long) generation << GENERATION_BITS;
  }

  /** What all keys of a stretch of the index or of the dedup entries begin with. */
  static byte[] stretchStart(int stretch) {
    return ByteBuffer.allocate(4).putInt(stretch).array();
  }

  /** The leading stretch of an index or dedup key. */
  static int stretchOf(byte[] key) {
    return ByteBuffer.wrap(key).getInt();
  }

  static byte[] dedupKey(int generation, String id) {
    byte[] text = id.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + text.length).putInt(generation).put(text).array();
  }

  static byte[] dedupValue(long seq, long storedAtMillis) {
    return ByteBuffer.allocate(16).putLong(seq).putLong(storedAtMillis).array();
  }

  static byte[] cursorKey(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  static String nameOfCursorKey(byte[] key) {
    return new String(key, StandardCharsets.UTF_8);
  }

  static String idOfDedupKey(byte[] key) {
    return new String(key, 4, key.length - 4, StandardCharsets.UTF_8);
  }

  static Remembered remembered(byte[] value) {
    ByteBuffer buffer = ByteBuffer.wrap(value);
    return new Remembered(buffer.getLong(), buffer.getLong());
  }

  static boolean startsWith(byte[] key, byte[] prefix) {
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }
}
