package dev.reactorhub.workload;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reactorhub.event.Position;
import dev.reactorhub.history.Observation;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Many {@link ReturningCursor}s over WebSocket on one thread, with no client library between. */
final class ReturningCrowd implements AutoCloseable {
  private static final int READ_BYTES = 256 << 10;
  private static final int RESTART_CODE = 1012;

  /** Handshakes under way when all come for the first time. */
  private static final int FIRST_AT_ONCE = 100;

  private static final byte[] CONTROL = "{\"type\":\"reactor_".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Supplier<Endpoint> endpoint;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
  private final List<Client> clients = new ArrayList<>();
  private final ArrayDeque<Client> newcomers = new ArrayDeque<>();
  private final PriorityQueue<Client> waiting =
      new PriorityQueue<>(Comparator.comparingLong(client -> client.dueNanos));

  /** What is the same for many is parsed once. Of one log: the same bytes have the same place. */
  private final Map<ByteBuffer, Observation.Delivered> deliveries = new HashMap<>();

  private final Thread thread;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile boolean isClosed;
  private int firstUnderWay;

  /** Begins at once. */
  ReturningCrowd(Supplier<Endpoint> endpoint, List<ReturningCursor> cursors) throws IOException {
    this.endpoint = endpoint;
    this.selector = Selector.open();
    cursors.forEach(cursor -> clients.add(new Client(cursor)));
    newcomers.addAll(clients);
    this.thread = Thread.ofPlatform().daemon().name("returning-crowd").start(this::run);
  }

  /** Fails when a client has. */
  void requireWell() {
    Throwable failed = failure.get();
    if (failed != null) {
      throw new AssertionError("a client failed", failed);
    }
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    selector.wakeup();
    try {
      thread.join(Duration.ofSeconds(30));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Client client : clients) {
      client.drop();
    }
    selector.close();
  }

  private void run() {
    try {
      while (!isClosed) {
        selector.select(ReturningCrowd::ready, 5);
        long now = System.nanoTime();
        while (!waiting.isEmpty() && waiting.peek().dueNanos - now <= 0) {
          waiting.remove().connect();
        }
        while (firstUnderWay < FIRST_AT_ONCE && !newcomers.isEmpty()) {
          firstUnderWay++;
          newcomers.remove().connect();
        }
      }
    } catch (Throwable e) { // the thread's top
      failure.set(e);
    }
  }

  private static void ready(SelectionKey key) {
    ((Client) key.attachment()).ready(key);
  }

  /** Crowd's thread only. */
  private final class Client {
    final ReturningCursor cursor;
    long dueNanos;
    private @Nullable SocketChannel channel;
    private boolean isUpgraded;
    private boolean wasThere;
    private byte[] begun = {};
    private String epoch = "";

    Client(ReturningCursor cursor) {
      this.cursor = cursor;
    }

    void connect() {
      cursor.asks();
      begun = new byte[0];
      isUpgraded = false;
      try {
        SocketChannel opened = SocketChannel.open();
        channel = opened;
        opened.configureBlocking(false);
        opened.register(selector, SelectionKey.OP_CONNECT, this);
        if (opened.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), endpoint.get().port()))) {
          opened.keyFor(selector).interestOps(SelectionKey.OP_READ);
          ask(opened);
        }
      } catch (IOException e) {
        lost();
      }
    }

    void ready(SelectionKey key) {
      SocketChannel open = (SocketChannel) key.channel();
      try {
        if (key.isConnectable()) {
          open.finishConnect();
          key.interestOps(SelectionKey.OP_READ);
          ask(open);
        } else {
          read(open);
        }
      } catch (IOException e) {
        lost();
      }
    }

    void drop() {
      SocketChannel open = channel;
      channel = null;
      if (open != null) {
        try {
          open.close();
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
    }

    private void ask(SocketChannel open) throws IOException {
      String query = cursor.interest().query() + "&after=" + cursor.subscriber().position();
      ByteBuffer handshake = ServerFrames.handshake("/ws/stream" + query);
      open.write(handshake);
      if (handshake.hasRemaining()) {
        throw new AssertionError("a kernel buffer is full before anything was sent");
      }
    }

    private void lost() {
      drop();
      dueNanos = cursor.lost();
      waiting.add(this);
    }

    private void read(SocketChannel open) throws IOException {
      buffer.clear().put(begun);
      if (open.read(buffer) < 0) {
        lost();
        return;
      }
      buffer.flip();
      if (!isUpgraded && !takeHead()) {
        return;
      }
      begun = ServerFrames.takeAll(buffer, this::frame);
    }

    /** Returns false while the head is not there, or when it refuses. */
    private boolean takeHead() {
      int end = indexOfHeadEnd();
      if (end < 0) {
        begun = new byte[buffer.remaining()];
        buffer.get(begun);
        return false;
      }
      // "HTTP/1.1 101"
      if (buffer.get(9) != '1' || buffer.get(10) != '0' || buffer.get(11) != '1') {
        lost();
        return false;
      }
      buffer.position(end + HEAD_END.length);
      isUpgraded = true;
      return true;
    }

    private int indexOfHeadEnd() {
      for (int i = 0; i + HEAD_END.length <= buffer.limit(); i++) {
        if (buffer.slice(i, HEAD_END.length).equals(ByteBuffer.wrap(HEAD_END))) {
          return i;
        }
      }
      return -1;
    }

    private void frame(int opcode, ByteBuffer payload) throws IOException {
      SocketChannel open = channel;
      if (open == null) {
        return; // It has taken its leave.
      }
      switch (opcode) {
        case ServerFrames.TEXT -> text(payload);
        case ServerFrames.PING -> open.write(ServerFrames.pong());
        case ServerFrames.CLOSE -> {
          if (payload.getShort(0) != RESTART_CODE) {
            throw new AssertionError("closed with " + payload.getShort(0));
          }
          open.write(ServerFrames.close());
          lost();
        }
        default -> throw new AssertionError("a frame of opcode " + opcode);
      }
    }

    private void text(ByteBuffer payload) {
      if (payload.remaining() > CONTROL.length
          && payload.slice(0, CONTROL.length).equals(ByteBuffer.wrap(CONTROL))) {
        control(Wire.parse(StandardCharsets.UTF_8.decode(payload).toString()));
        return;
      }
      Observation.Delivered delivery = deliveries.get(payload);
      cursor.subscriber().delivered(delivery == null ? parsed(payload) : delivery);
    }

    private Observation.Delivered parsed(ByteBuffer payload) {
      byte[] bytes = new byte[payload.remaining()];
      payload.get(0, bytes);
      JsonNode json = Wire.parse(new String(bytes, StandardCharsets.UTF_8));
      Position at = Wire.position(epoch + "." + json.get("seq").longValue());
      Observation.Delivered delivery = new Observation.Delivered(at, Wire.content(json));
      deliveries.put(ByteBuffer.wrap(bytes), delivery);
      return delivery;
    }

    private void control(JsonNode message) {
      JsonNode data = message.get("data");
      switch (message.get("type").textValue()) {
        case "reactor_connected" -> {
          String now = data.get("epoch").textValue();
          if (!epoch.isEmpty() && !epoch.equals(now)) {
            throw new AssertionError("another log: " + now + " instead of " + epoch);
          }
          epoch = now;
          cursor.greeted();
          if (!wasThere) {
            wasThere = true;
            firstUnderWay--;
          }
        }
        case "reactor_caught_up", "reactor_position" ->
            cursor.subscriber().movedTo(position(data, "position"));
        case "reactor_gap" -> cursor.subscriber().gap(position(data, "from"), position(data, "to"));
        case "reactor_going_away" ->
            cursor.goingAway(
                position(data, "position"),
                Duration.ofMillis(data.get("reconnect_after_ms").longValue()));
        case "reactor_lagging" -> {}
        default -> throw new AssertionError("not expected: " + message);
      }
    }

    private static Position position(JsonNode data, String field) {
      return Wire.position(data.get(field).textValue());
    }
  }
}
