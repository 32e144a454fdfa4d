package dev.reactorhub.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/** A way to a hub whose connections can die without anybody being told. */
final class Relay implements AutoCloseable {
  private final ServerSocket listening;
  private final int hubPort;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

  /** Of the connections accepted so far; the next ones have another. */
  private volatile AtomicBoolean isDead = new AtomicBoolean();

  private Relay(int hubPort) throws IOException {
    this.hubPort = hubPort;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  static Relay to(String endpoint) throws IOException {
    return new Relay(Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1)));
  }

  String endpoint() {
    return "127.0.0.1:" + listening.getLocalPort();
  }

  /** What is sent on a connection that is open now gets lost; new ones are served. */
  void loseConnections() {
    isDead.set(true);
    isDead = new AtomicBoolean();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        AtomicBoolean isLost = isDead;
        Socket hub = new Socket(InetAddress.getLoopbackAddress(), hubPort);
        sockets.add(client);
        sockets.add(hub);
        threads.execute(() -> copy(client, hub, isLost));
        threads.execute(() -> copy(hub, client, isLost));
      }
    } catch (IOException e) {
      close();
    }
  }

  private static void copy(Socket from, Socket to, AtomicBoolean isLost) {
    byte[] buffer = new byte[8 << 10];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (!isLost.get()) {
          out.write(buffer, 0, count);
        }
      }
    } catch (IOException e) {
      // One end was closed, and so is the other.
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    threads.shutdown();
  }
}
