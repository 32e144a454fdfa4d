package dev.reactorhub.web.ws;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A socket channel that never blocks a write by itself: whoever wants to wait, does so here, while
 * others may write what the kernel takes at once. One reader and one writer at a time.
 */
final class PolledChannel {
  private final SocketChannel channel;
  private final Readiness readiness;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Set once, before anybody else sees this. */
  private @Nullable SelectionKey key;

  /** What the selector has told since it was asked. Guarded by {@link #lock}. */
  private int ready;

  /** Guarded by {@link #lock}. */
  private boolean closed;

  PolledChannel(SocketChannel channel, Readiness readiness) {
    this.channel = channel;
    this.readiness = readiness;
  }

  void registered(SelectionKey made) {
    key = made;
  }

  SocketChannel channel() {
    return channel;
  }

  /** Reads at least one byte, or -1 at the end of the stream; waits for it. */
  int read(ByteBuffer buffer) throws IOException {
    int count = channel.read(buffer);
    while (count == 0) {
      await(SelectionKey.OP_READ);
      count = channel.read(buffer);
    }
    return count;
  }

  /** Waits until something can be read, or the end of the stream can be told. */
  void awaitReadable() throws IOException {
    await(SelectionKey.OP_READ);
  }

  /** Waits until the kernel takes bytes again. */
  void awaitWritable() throws IOException {
    await(SelectionKey.OP_WRITE);
  }

  /** By the selector's thread. */
  void tell(int operations) {
    lock.lock();
    try {
      ready |= operations;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Closes the channel and lets everybody go who waits for it. Idempotent. */
  void close() throws IOException {
    try {
      channel.close();
    } finally {
      release();
    }
  }

  /** The selector forgets the channel, so that closing it gives its descriptor back at once. */
  void release() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (key != null) {
      key.cancel();
    }
    readiness.wakeUp();
  }

  private void await(int operation) throws IOException {
    lock.lock();
    try {
      ready &= ~operation;
      ask(operation);
      while ((ready & operation) == 0) {
        if (closed) {
          throw new ClosedChannelException();
        }
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      channel.close();
      throw new ClosedByInterruptException();
    } finally {
      lock.unlock();
    }
  }

  private void ask(int operation) throws ClosedChannelException {
    if (key == null) {
      throw new IllegalStateException("the channel is not registered: it cannot be waited for");
    }
    try {
      key.interestOpsOr(operation);
    } catch (CancelledKeyException e) {
      throw new ClosedChannelException();
    }
    readiness.wakeUp();
  }
}
