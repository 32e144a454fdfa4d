package dev.reactorhub.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Publishes events of 128 bytes as fast as they are acknowledged and prints how many a second. */
final class PublishLoad {
  private static final String PADDING = "x".repeat(112);

  /** Until the compiler of this process, which shares its core, is done. */
  private static final long WARM_UP_NANOS = TimeUnit.SECONDS.toNanos(10);

  private PublishLoad() {}

  public static void main(String[] arguments) throws Exception {
    int window = Integer.parseInt(arguments[1]);
    long nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[2]));
    double perSecond = arguments[0].equals("grpc") ? overGrpc(window, nanos) : overHttp(nanos);
    System.out.printf(Locale.ROOT, "{\"per_s\":%.0f}%n", perSecond);
  }

  private static double overGrpc(int window, long nanos) throws InterruptedException {
    try (PublishStream stream = new PublishStream(window)) {
      publish(stream, WARM_UP_NANOS);
      long before = stream.acknowledged();
      long start = System.nanoTime();
      publish(stream, nanos);
      long count = stream.acknowledged() - before;
      return count * 1e9 / (System.nanoTime() - start);
    }
  }

  private static void publish(PublishStream stream, long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      stream.publish("bench", "bench", PADDING);
    }
  }

  private static double overHttp(long nanos) throws IOException {
    String body = "{\"type\":\"bench\",\"data\":{\"p\":\"" + PADDING + "\"}}";
    byte[] request =
        ("POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
            .getBytes(StandardCharsets.UTF_8);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), HubServer.PORT)) {
      socket.setTcpNoDelay(true);
      InputStream in = socket.getInputStream();
      publish(socket, in, request, WARM_UP_NANOS);
      long start = System.nanoTime();
      long count = publish(socket, in, request, nanos);
      return count * 1e9 / (System.nanoTime() - start);
    }
  }

  private static long publish(Socket socket, InputStream in, byte[] request, long nanos)
      throws IOException {
    byte[] buffer = new byte[8192];
    long end = System.nanoTime() + nanos;
    long count = 0;
    for (; System.nanoTime() < end; count++) {
      socket.getOutputStream().write(request);
      String answer = "";
      while (!answer.endsWith("}")) {
        int size = in.read(buffer);
        answer += size < 0 ? "" : new String(buffer, 0, size, StandardCharsets.UTF_8);
        if (size < 0 || !answer.startsWith("HTTP/1.1 20")) {
          throw new CannotRunException("publishing failed: " + answer);
        }
      }
    }
    return count;
  }
}
