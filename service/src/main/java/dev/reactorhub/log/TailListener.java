package dev.reactorhub.log;

import java.util.List;

/** Follows the end of the log. */
@FunctionalInterface
public interface TailListener {
  /**
   * Records became durable. Called by one thread at a time, in log order, without a hole, and
   * before the publisher's append completes. Must not block and must not throw.
   */
  void onCommitted(List<LogRecord> records);
}
