package dev.reactorhub.log.rocks;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Finds the channels that patterns stand for, by skipping from channel to channel in the index. */
final class ChannelExpansion {
  /** More channels than this are not read through the index: a scan is cheaper then. */
  static final int CHANNELS_MAX = 64;

  /** Skipping over more channels than this is not worth it either. */
  private static final int SKIPS_MAX = 256;

  private ChannelExpansion() {}

  /** The channels of a segment that match; empty when there are too many to be worth it. */
  static Optional<Set<Channel>> of(
      RocksStore store, ReadOptions options, Set<ChannelPattern> patterns, int segment) {
    Set<Channel> channels = new TreeSet<>();
    int skips = 0;
    for (ChannelPattern pattern : patterns) {
      if (pattern.isLiteral()) {
        channels.add(pattern.channel());
      } else {
        skips += expand(store, options, pattern, segment, channels);
      }
      if (channels.size() > CHANNELS_MAX || skips >= SKIPS_MAX) {
        return Optional.empty();
      }
    }
    return Optional.of(channels);
  }

  /** Adds what matches; how many channels were looked at. */
  private static int expand(
      RocksStore store,
      ReadOptions options,
      ChannelPattern pattern,
      int segment,
      Set<Channel> found) {
    byte[] prefix = Schema.indexPrefix(segment, literalStart(pattern.value()));
    int skips = 0;
    try (RocksIterator iterator = store.db().newIterator(store.byChannel(), options)) {
      iterator.seek(prefix);
      while (iterator.isValid() && skips < SKIPS_MAX && found.size() <= CHANNELS_MAX) {
        byte[] key = iterator.key();
        if (!Schema.startsWith(key, prefix)) {
          return skips;
        }
        skips++;
        Channel channel = new Channel(Schema.channelOfIndexKey(key));
        if (pattern.matches(channel)) {
          found.add(channel);
        }
        // Greater than every place of this channel, less than every longer name.
        iterator.seek(Schema.indexPrefix(segment, channel.value() + '\1'));
      }
      iterator.status();
      return skips;
    } catch (RocksDBException e) {
      throw RocksStore.readFailed(e);
    }
  }

  /** What every channel that matches begins with. */
  static String literalStart(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      if (pattern.charAt(i) == '*' || pattern.charAt(i) == '>') {
        return pattern.substring(0, i);
      }
    }
    return pattern;
  }
}
