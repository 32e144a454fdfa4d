package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.ReactorClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hub that may open few files, and clients that would have it open more. */
@Tag("world")
final class DescriptorLimitTest {
  private static final int FILES_MAX = 600;
  private static final int CONNECTIONS_TRIED = 1_500;
  private static final int EVENTS_PER_SECOND = 50;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);

  private static final byte[] HTTP =
      "GET /ws/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** What a client of HTTP/2 begins with (RFC 9113, section 3.4), with settings of none. */
  private static final byte[] HTTP_2 =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.US_ASCII);

  private final List<Socket> flood = new ArrayList<>();

  @TempDir Path data;

  @AfterEach
  void floodEnds() throws IOException {
    for (Socket socket : flood) {
      socket.close();
    }
    flood.clear();
  }

  @Test
  void portsThatAreFullDisturbNobodyAndAcceptAgainOnceConnectionsEnd() throws Exception {
    try (HubProcess hub = start(FILES_MAX);
        ReactorClient client = ReactorClient.builder("127.0.0.1:" + hub.grpcPort()).build();
        WebSocketCrowd subscriber = new WebSocketCrowd(nanos -> {})) {
      subscriber.connect(hub.port(), 1);
      try (PacedPublisher publisher = new PacedPublisher(client, EVENTS_PER_SECOND, 100)) {
        awaitDelivery(publisher, subscriber);

        int web = fill(hub.port(), HTTP);
        int grpc = fill(hub.grpcPort(), HTTP_2);

        assertThat(web).isBetween(100, FILES_MAX - ConnectionBudget.RESERVE);
        assertThat(grpc).isBetween(20, FILES_MAX - ConnectionBudget.RESERVE - web);
        assertThat(openFiles(hub)).isBetween(web + grpc, FILES_MAX - 100);
        awaitDelivery(publisher, subscriber);

        floodEnds();
        await().atMost(Duration.ofSeconds(30)).until(() -> isAnswered(hub.port(), HTTP));
        await().atMost(Duration.ofSeconds(30)).until(() -> isAnswered(hub.grpcPort(), HTTP_2));
        assertThat(fill(hub.port(), HTTP)).isGreaterThan(100);
        awaitDelivery(publisher, subscriber);
      }
      assertThat(hub.printed())
          .anyMatch(line -> line.contains("sessions_do_not_fit limits.sessions=18000"))
          .noneMatch(line -> line.contains("Too many open files"))
          .noneMatch(line -> line.contains("log failed"));
    }
  }

  @Test
  void aHubThatMayOpenHardlyAnyFileSaysWhatToDo() {
    assertThatThrownBy(() -> start(300).close())
        .hasMessageContaining("the process may open 300 files")
        .hasMessageContaining("ulimit -n");
  }

  private HubProcess start(int filesMax) throws IOException {
    return HubProcess.start(
        HubLaunch.PLAIN.wrappedIn("sh", "-c", "ulimit -n " + filesMax + "; exec \"$@\"", "sh"),
        data);
  }

  /** Opens connections until one is not answered, and keeps them; returns how many were. */
  private int fill(int port, byte[] greeting) throws IOException {
    int answered = 0;
    while (isAnswered(port, greeting)) {
      answered++;
      assertThat(answered).isLessThan(CONNECTIONS_TRIED);
    }
    return answered;
  }

  private boolean isAnswered(int port, byte[] greeting) throws IOException {
    Socket socket = new Socket();
    flood.add(socket);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout((int) ANSWER_MAX.toMillis());
    socket.getOutputStream().write(greeting);
    try {
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  /** The next second's events are acknowledged and come to the subscriber, none missing. */
  private static void awaitDelivery(PacedPublisher publisher, WebSocketCrowd subscriber) {
    long number = publisher.published() + EVENTS_PER_SECOND;
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> subscriber.nextNumbers().getFirst() > number);
  }

  private static int openFiles(HubProcess hub) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(hub.pid()), "fd"))) {
      return (int) files.count();
    }
  }
}
