package dev.reactorhub.bench.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Many WebSocket clients in one thread that count how often a text comes by. */
final class Crowd implements AutoCloseable {
  private static final String GREETING = "reactor_connected";

  private final Selector selector = Selector.open();
  private final List<Client> clients = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);
  private final byte[] chunk = new byte[256 << 10];

  /**
   * Connects them one after the other and waits for each greeting.
   *
   * @param path of a client, by its number
   * @param text counted once connected; its first character occurs in it once
   */
  Crowd(int port, int size, IntFunction<String> path, String text) throws IOException {
    for (int i = 0; i < size; i++) {
      clients.add(
          new Client(
              SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
              text));
      clients.getLast().greet(path.apply(i));
    }
    for (Client client : clients) {
      client.channel.configureBlocking(false);
      client.channel.register(selector, SelectionKey.OP_READ, client);
    }
  }

  /** Reads what has come, waiting so long for something at most. */
  void poll(long millis) throws IOException {
    selector.select(
        key -> {
          try {
            ((Client) key.attachment()).read();
          } catch (IOException e) {
            throw new CannotRunException("a client was cut: " + e.getMessage());
          }
        },
        Math.max(1, millis));
  }

  /** How often the text has come by, all clients together. */
  long count() {
    return clients.stream().mapToLong(client -> client.count).sum();
  }

  /** How many clients have seen the text. */
  long clientsThatSawIt() {
    return clients.stream().filter(client -> client.count > 0).count();
  }

  /** Bytes that came, all clients together. */
  long bytes() {
    return clients.stream().mapToLong(client -> client.bytes).sum();
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }

  /** The request for a WebSocket. */
  static String upgrade(String path) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
  }

  private final class Client {
    private final SocketChannel channel;
    private final byte[] text;
    private int matched;
    private long count;
    private long bytes;

    Client(SocketChannel channel, String text) {
      this.channel = channel;
      this.text = text.getBytes(StandardCharsets.UTF_8);
    }

    void greet(String path) throws IOException {
      channel.write(StandardCharsets.US_ASCII.encode(upgrade(path)));
      StringBuilder answer = new StringBuilder();
      while (answer.indexOf(GREETING) < 0) {
        buffer.clear();
        if (channel.read(buffer) < 0) {
          throw new CannotRunException("refused: " + answer);
        }
        answer.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
      }
    }

    void read() throws IOException {
      buffer.clear();
      int size = channel.read(buffer);
      if (size < 0) {
        throw new IOException("end of stream");
      }
      bytes += size;
      buffer.flip().get(chunk, 0, size);
      for (int i = 0; i < size; i++) {
        if (chunk[i] != text[matched]) {
          matched = 0;
        }
        if (chunk[i] == text[matched] && ++matched == text.length) {
          matched = 0;
          count++;
        }
      }
    }
  }
}
