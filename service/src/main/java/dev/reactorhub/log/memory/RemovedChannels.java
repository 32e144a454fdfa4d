package dev.reactorhub.log.memory;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.EventType;
import dev.reactorhub.log.LogRecord;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The newest event that channel retention removed, of each channel and type. Any thread. */
final class RemovedChannels {
  private final Map<ChannelAndType, Long> newest = new ConcurrentHashMap<>();

  /** Notes a removal; must precede it. */
  void put(LogRecord record) {
    newest.merge(
        new ChannelAndType(record.event().channel(), record.event().type()),
        record.seq(),
        Math::max);
  }

  /** The newest removed event after a place that a filter wants; 0 when there is none. */
  long newestMatching(EventFilter filter, long afterSeq) {
    long found = 0;
    for (Map.Entry<ChannelAndType, Long> entry : newest.entrySet()) {
      long seq = entry.getValue();
      ChannelAndType of = entry.getKey();
      if (seq > afterSeq && seq > found && filter.matches(of.channel(), of.type())) {
        found = seq;
      }
    }
    return found;
  }

  /** Forgets what the log's beginning has passed. */
  void forgetThrough(long earliest) {
    newest.values().removeIf(seq -> seq <= earliest);
  }

  private record ChannelAndType(Channel channel, EventType type) {}
}
