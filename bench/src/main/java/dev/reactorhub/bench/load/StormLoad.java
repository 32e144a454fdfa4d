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
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Clients that come back all at once, each so many events behind, again and again for a time.
 * Prints how many events a second they caught up with, all together, in the median storm.
 */
final class StormLoad {
  private static final int CLIENTS = 1000;
  private static final long STORM_SECONDS_MAX = 120;

  private final String path;
  private final int behind;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);

  private StormLoad(String path, int behind) {
    this.path = path;
    this.behind = behind;
  }

  /** Takes the path to come back to, the events that each client is behind, and the seconds. */
  public static void main(String[] arguments) throws IOException {
    StormLoad load = new StormLoad(arguments[0], Integer.parseInt(arguments[1]));
    long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[2]));
    List<Double> perSecond = new ArrayList<>();
    long shortfall = 0;
    long start = System.nanoTime();
    while (System.nanoTime() - start < nanos && shortfall == 0) {
      long stormStart = System.nanoTime();
      shortfall = load.storm();
      long events = (long) CLIENTS * load.behind - shortfall;
      perSecond.add(events * 1e9 / (System.nanoTime() - stormStart));
    }
    double median = Result.median(perSecond.stream().mapToDouble(Double::doubleValue).toArray());
    System.out.printf(
        Locale.ROOT,
        "{\"storms\":%d,\"storm_per_s\":%.0f,\"storm_short\":%d}%n",
        perSecond.size(),
        median,
        shortfall);
  }

  /** One storm; returns how many events did not come. */
  private long storm() throws IOException {
    List<Client> clients = new ArrayList<>();
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(STORM_SECONDS_MAX);
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(new Client(selector));
      }
      int behindStill = CLIENTS;
      while (behindStill > 0 && System.nanoTime() < deadlineNanos) {
        selector.select(1000);
        for (SelectionKey key : selector.selectedKeys()) {
          behindStill -= ((Client) key.attachment()).advance(key) ? 1 : 0;
        }
        selector.selectedKeys().clear();
      }
      return clients.stream().mapToLong(client -> behind - client.frames.count()).sum();
    } finally {
      for (Client client : clients) {
        client.channel.close();
      }
    }
  }

  /** A client, from connecting to the last event it had missed. */
  private final class Client {
    private final SocketChannel channel = SocketChannel.open();
    private final FrameCounter frames = new FrameCounter("{\"type\":\"" + StormWorkload.EVENT_TYPE);

    /** The answer to the upgrade, as far as it has come. */
    private final StringBuilder answer = new StringBuilder();

    private boolean isUpgraded;

    Client(Selector selector) throws IOException {
      channel.configureBlocking(false);
      channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), HubServer.PORT));
      channel.register(selector, SelectionKey.OP_CONNECT, this);
    }

    /** Goes on; true when it has caught up just now. */
    boolean advance(SelectionKey key) throws IOException {
      if (key.isConnectable()) {
        channel.finishConnect();
        channel.write(StandardCharsets.US_ASCII.encode(Crowd.upgrade(path)));
        key.interestOps(SelectionKey.OP_READ);
        return false;
      }
      buffer.clear();
      if (channel.read(buffer) < 0) {
        throw new CannotRunException("the hub cut a client that was catching up: " + answer);
      }
      buffer.flip();
      if (!isUpgraded) {
        readAnswer();
      }
      boolean isBehind = frames.count() < behind;
      frames.read(buffer);
      return isBehind && frames.count() >= behind;
    }

    private void readAnswer() {
      while (!isUpgraded && buffer.hasRemaining()) {
        answer.append((char) buffer.get());
        isUpgraded =
            answer.length() >= 4 && answer.substring(answer.length() - 4).equals("\r\n\r\n");
      }
      if (isUpgraded && !answer.toString().startsWith("HTTP/1.1 101")) {
        throw new CannotRunException("the hub refused a client: " + answer);
      }
    }
  }
}
