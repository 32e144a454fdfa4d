package dev.reactorhub.app;

import dev.reactorhub.workload.ServerFrames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

/**
 * Many WebSocket clients on one thread. Each checks that {@link NumberedEvent}s come to it without
 * a hole, each once, in order. Frames are read off the wire, with no client library between.
 */
final class WebSocketCrowd implements AutoCloseable {
  /** Of a client that is to be slow: what its kernel takes for it is part of what it has read. */
  private static final int SLOW_RECEIVE_BYTES = 32 << 10;

  private static final int READ_BYTES = 256 << 10;

  private final Selector selector;
  private final List<Client> clients = new ArrayList<>();
  private final ConcurrentLinkedQueue<Runnable> errands = new ConcurrentLinkedQueue<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
  private final LongConsumer onPublishedNanos;
  private final Thread reader;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean isClosed;

  /**
   * Nobody yet: {@link #connect} brings clients.
   *
   * @param onPublishedNanos told, on the crowd's thread, the time in each event that arrives
   */
  WebSocketCrowd(LongConsumer onPublishedNanos) throws IOException {
    this.onPublishedNanos = onPublishedNanos;
    this.selector = Selector.open();
    this.reader = Thread.ofPlatform().name("crowd").start(this::read);
  }

  /** Connects so many clients that read as fast as they can, and waits until each was greeted. */
  void connect(int port, int size) throws IOException {
    for (int i = 0; i < size; i++) {
      add(port, false);
    }
  }

  /** Connects so many clients that read nothing until told to. */
  void connectStalled(int port, int size) throws IOException {
    for (int i = 0; i < size; i++) {
      add(port, true);
    }
  }

  /** Lets all but so many clients go, and those read from now on as fast as they can. */
  void resumeSome(int size) {
    run(
        () -> {
          clients.stream().skip(size).forEach(Client::leave);
          clients.stream()
              .limit(size)
              .forEach(client -> client.key.interestOps(SelectionKey.OP_READ));
        });
  }

  /** Lets every client read so many bytes now. */
  void sip(int bytes) {
    run(() -> clients.forEach(client -> client.read(bytes)));
  }

  /** The number of the event that each client was given first; -1: none yet. */
  List<Long> firstNumbers() {
    return clients.stream().map(client -> client.first).toList();
  }

  /** The number of the event that each client waits for; fails when one was given another. */
  List<Long> nextNumbers() {
    Throwable failed = failure.get();
    if (failed != null) {
      throw new AssertionError("a client failed", failed);
    }
    return clients.stream().map(client -> client.next).toList();
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    selector.wakeup();
    try {
      reader.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }

  private void run(Runnable errand) {
    errands.add(errand);
    selector.wakeup();
  }

  private void add(int port, boolean isStalled) throws IOException {
    SocketChannel channel = SocketChannel.open();
    if (isStalled) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, SLOW_RECEIVE_BYTES);
    }
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.write(ServerFrames.handshake("/ws/stream"));
    byte[] more = readHandshake(channel);
    channel.configureBlocking(false);
    int operations = isStalled ? 0 : SelectionKey.OP_READ;
    SelectionKey key = channel.register(selector, operations);
    Client client = new Client(channel, key, more);
    key.attach(client);
    clients.add(client);
    selector.wakeup();
  }

  /** Returns what came behind the head of the answer. */
  private static byte[] readHandshake(SocketChannel channel) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(4096);
    while (true) {
      requireOpen(channel.read(answer));
      String text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      if (end >= 0) {
        byte[] more = new byte[answer.position() - end - 4];
        answer.get(end + 4, more);
        return more;
      }
    }
  }

  private static void requireOpen(int count) throws IOException {
    if (count < 0) {
      throw new IOException("the hub closed the connection");
    }
  }

  private void read() {
    try {
      while (!isClosed) {
        selector.select(
            key -> {
              if (key.attachment() instanceof Client client) {
                client.read(READ_BYTES);
              }
            });
        Runnable errand = errands.poll();
        while (errand != null) {
          errand.run();
          errand = errands.poll();
        }
      }
    } catch (Throwable e) { // the thread's top
      failure.set(e);
    }
  }

  /** Crowd's thread only, once registered. */
  private final class Client {
    final SocketChannel channel;
    final SelectionKey key;

    /** The beginning of a frame whose rest has not come yet. */
    private byte[] begun;

    /** Written by the crowd's thread. */
    volatile long first = -1;

    /** Written by the crowd's thread. */
    volatile long next;

    Client(SocketChannel channel, SelectionKey key, byte[] begun) {
      this.channel = channel;
      this.key = key;
      this.begun = begun;
    }

    void leave() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void read(int bytesMax) {
      try {
        buffer.clear().put(begun);
        buffer.limit(Math.min(buffer.capacity(), buffer.position() + bytesMax));
        requireOpen(channel.read(buffer));
        begun = ServerFrames.takeAll(buffer.flip(), this::frame);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void frame(int opcode, ByteBuffer payload) throws IOException {
      switch (opcode) {
        case ServerFrames.TEXT -> {
          if (NumberedEvent.is(payload)) {
            NumberedEvent event = NumberedEvent.read(payload);
            if (first < 0) {
              first = event.number();
            } else if (event.number() != next) {
              throw new AssertionError("event " + event.number() + " came instead of " + next);
            }
            next = event.number() + 1;
            onPublishedNanos.accept(event.publishedNanos());
          }
        }
        case ServerFrames.PING -> channel.write(ServerFrames.pong());
        case ServerFrames.CLOSE ->
            throw new IOException("the hub closed with " + payload.getShort(0));
        default -> throw new AssertionError("a frame of opcode " + opcode);
      }
    }
  }
}
