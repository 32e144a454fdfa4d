package dev.reactorhub.web.ws;

import dev.reactorhub.health.Pulse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Tells waiting threads when their sockets can be read or written: one thread, one selector. */
final class Readiness implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger(Readiness.class.getName());

  /** A channel closed by others gives its descriptor back within this time. */
  private static final long SELECT_MILLIS_MAX = 1_000;

  private final Selector selector;
  private final Pulse pulse = new Pulse("ws-readiness", Pulse.STUCK);

  Readiness() {
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pulse.begin();
    pulse.follow(Thread.ofPlatform().daemon().name("ws-readiness").start(this::run));
  }

  /** Puts the channel into non-blocking mode; nobody may be reading or writing it. */
  PolledChannel register(SocketChannel channel) throws IOException {
    channel.configureBlocking(false);
    PolledChannel polled = new PolledChannel(channel, this);
    polled.registered(channel.register(selector, 0, polled));
    return polled;
  }

  /** Whether the thread does its work: each look at the selector beats. */
  Pulse pulse() {
    return pulse;
  }

  /** Makes changes of keys and closed channels take effect now. */
  void wakeUp() {
    selector.wakeup();
  }

  /** Ends the thread; who still waits, waits for its channel to be closed. */
  @Override
  public void close() {
    try {
      selector.close();
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "ws_selector_close_failed", e);
    }
  }

  private void run() {
    while (selector.isOpen()) {
      pulse.beat();
      try {
        selector.select(Readiness::tell, SELECT_MILLIS_MAX);
      } catch (IOException | RuntimeException e) { // the thread's top
        if (selector.isOpen()) {
          LOGGER.log(Level.ERROR, "ws_select_failed", e);
        }
      }
    }
  }

  private static void tell(SelectionKey key) {
    try {
      int ready = key.readyOps();
      // Asked for again by whoever waits next.
      key.interestOpsAnd(~ready);
      ((PolledChannel) key.attachment()).tell(ready);
    } catch (CancelledKeyException e) {
      // Closed meanwhile: whoever closed it told those who wait.
      LOGGER.log(Level.TRACE, "ws_key_cancelled", e);
    }
  }
}
