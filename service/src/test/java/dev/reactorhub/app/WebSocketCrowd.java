package dev.reactorhub.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * Many WebSocket clients on one thread, each of which checks that the events it is after come in
 * order, each once. Frames are read off the wire, with no client library between.
 */
final class WebSocketCrowd implements AutoCloseable {
  private static final String HANDSHAKE =
      String.join(
          "\r\n",
          "GET /ws/stream HTTP/1.1",
          "Host: 127.0.0.1",
          "Upgrade: websocket",
          "Connection: Upgrade",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
          "Sec-WebSocket-Version: 13",
          "",
          "");
  private static final int TEXT = 1;
  private static final int PING = 9;

  /** An empty pong, masked as a client's frame must be (RFC 6455, section 5.3). */
  private static final byte[] PONG = {(byte) 0x8A, (byte) 0x80, 1, 2, 3, 4};

  private static final int FRAME_BYTES_MAX = 64 << 10;

  private final Selector selector;
  private final List<Client> clients = new ArrayList<>();
  private final Thread reader;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean isClosed;

  /** Connects so many clients and waits until each was greeted. */
  WebSocketCrowd(int port, int size, Predicate<String> isWanted) throws IOException {
    this.selector = Selector.open();
    for (int i = 0; i < size; i++) {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.write(ByteBuffer.wrap(HANDSHAKE.getBytes(StandardCharsets.US_ASCII)));
      Client client = new Client(channel, isWanted);
      client.readHandshake();
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, client);
      clients.add(client);
    }
    this.reader = Thread.ofPlatform().name("crowd").start(this::read);
  }

  /** Fails as soon as a client was given something out of order. */
  List<Long> deliveries() {
    Throwable failed = failure.get();
    if (failed != null) {
      throw new AssertionError("a client failed", failed);
    }
    return clients.stream().map(client -> client.delivered).toList();
  }

  /** What a client was given, in the order it came. */
  List<Long> seqsOf(int client) {
    return clients.get(client).seqs();
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    selector.wakeup();
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }

  private void read() {
    try {
      while (!isClosed) {
        selector.select(
            key -> {
              try {
                ((Client) key.attachment()).read();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
      }
    } catch (Throwable e) { // the thread's top
      failure.set(e);
    }
  }

  private static final class Client {
    final SocketChannel channel;
    private final Predicate<String> isWanted;
    private final ByteBuffer buffer = ByteBuffer.allocate(FRAME_BYTES_MAX);
    private final List<Long> seqs = new ArrayList<>();
    private long lastSeq;

    /** Written by the crowd's thread. */
    volatile long delivered;

    Client(SocketChannel channel, Predicate<String> isWanted) {
      this.channel = channel;
      this.isWanted = isWanted;
    }

    synchronized List<Long> seqs() {
      return List.copyOf(seqs);
    }

    void readHandshake() throws IOException {
      while (headEnd() < 0) {
        requireOpen(channel.read(buffer));
      }
      int end = headEnd();
      buffer.flip().position(end);
      buffer.compact();
      frames();
    }

    void read() throws IOException {
      int count = channel.read(buffer);
      while (count > 0) {
        frames();
        count = channel.read(buffer);
      }
      requireOpen(count);
    }

    private static void requireOpen(int count) throws IOException {
      if (count < 0) {
        throw new IOException("the hub closed the connection");
      }
    }

    private int headEnd() {
      String text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
      int end = text.indexOf("\r\n\r\n");
      return end < 0 ? -1 : end + 4;
    }

    private void frames() throws IOException {
      buffer.flip();
      while (buffer.remaining() >= 4) {
        int length = buffer.get(buffer.position() + 1) & 0x7F;
        int header = length == 126 ? 4 : 2;
        if (length == 127) {
          throw new AssertionError("no frame here is that long");
        }
        if (length == 126) {
          length = buffer.getShort(buffer.position() + 2) & 0xFFFF;
        }
        if (buffer.remaining() < header + length) {
          break;
        }
        int opcode = buffer.get(buffer.position()) & 0x0F;
        String text =
            new String(buffer.array(), buffer.position() + header, length, StandardCharsets.UTF_8);
        buffer.position(buffer.position() + header + length);
        if (opcode == TEXT) {
          message(text);
        } else if (opcode == PING) {
          channel.write(ByteBuffer.wrap(PONG));
        }
      }
      buffer.compact();
    }

    private synchronized void message(String text) {
      int at = text.indexOf(",\"seq\":");
      if (at < 0) {
        return;
      }
      long seq = Long.parseLong(text.substring(at + 7, text.indexOf(',', at + 7)));
      if (seq <= lastSeq) {
        throw new AssertionError("seq " + seq + " came after " + lastSeq);
      }
      lastSeq = seq;
      if (isWanted.test(text)) {
        seqs.add(seq);
        delivered = seqs.size();
      }
    }
  }
}
