package dev.reactorhub.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.EventBatch;
import dev.reactorhub.v1.Gap;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.PublishResponse;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code publish} and {@code tail} against a gRPC server of one event. */
final class TailTest {
  private static final Event EVENT =
      Event.newBuilder()
          .setId("a\"b")
          .setType("news")
          .setChannel("news.eu")
          .setSource("é")
          .setTimestamp(Timestamp.newBuilder().setSeconds(1).setNanos(500_000_000))
          .setDataJson("{\"n\":[1, 2]}")
          .setSeq(7)
          .setPosition("k3x9.7")
          .build();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final OneEventHub hub = new OneEventHub();
  private Server server =
      Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()).build();

  @BeforeEach
  void startServer() throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(hub)
            .build()
            .start();
  }

  @AfterEach
  void stopServer() {
    server.shutdownNow();
  }

  @Test
  void anEventIsOneLineInTheFormOfTheHub() throws InterruptedException {
    Thread tail =
        Thread.ofPlatform()
            .start(
                () -> execute("tail", "--channel", "news.>", "--type", "news", "--from", "k3x9.6"));
    await().until(() -> out.toString().endsWith("\n"));
    tail.interrupt();
    tail.join();

    assertThat(out.toString().lines())
        .containsExactly(
            "{\"type\":\"news\",\"data\":{\"n\":[1, 2]},\"id\":\"a\\\"b\",\"seq\":7,"
                + "\"channel\":\"news.eu\",\"source\":\"é\","
                + "\"timestamp\":\"1970-01-01T00:00:01.500Z\"}");
    assertThat(err.toString().lines().toList())
        .first()
        .isEqualTo("gap from k3x9.6 to k3x9.6: position_expired");
    SubscribeRequest asked = hub.subscribed.getFirst();
    assertThat(asked.getFilter().getChannelsList()).containsExactly("news.>");
    assertThat(asked.getFilter().getTypesList()).containsExactly("news");
    assertThat(asked.getStart().getAfter()).isEqualTo("k3x9.6");
  }

  @Test
  void asManyEventsAsWantedEndIt() {
    int code =
        execute(
            "tail", "--channel", "news.>", "--type", "news", "--from", "k3x9.6", "--limit", "1");

    assertThat(code).isZero();
    assertThat(out.toString().lines()).hasSize(1);
  }

  @Test
  void fewerThanOneEventIsRefused() {
    int code = execute("tail", "--limit", "0");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("--limit is 0: must be 1 or more");
    assertThat(hub.subscribed).isEmpty();
  }

  @Test
  void publishPrintsWhereTheEventIs() {
    int code = execute("publish", "--type", "news", "--channel", "c", "--data", "[]", "--id", "me");

    assertThat(code).isZero();
    assertThat(out.toString().lines())
        .containsExactly("{\"id\":\"me\",\"seq\":7,\"position\":\"k3x9.7\",\"duplicate\":false}");
    PublishRequest sent = hub.published.getFirst();
    assertThat(sent.getEvent().getChannel()).isEqualTo("c");
    assertThat(sent.getEvent().getDataJson()).isEqualTo("[]");
    assertThat(sent.getEvent().getSource()).isEqualTo("system");
  }

  private int execute(String command, String... options) {
    CommandLine commands =
        Commands.with((config, printer) -> 0, Map.of())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
    List<String> args = new CopyOnWriteArrayList<>(options);
    args.addFirst(command);
    args.addAll(List.of("--server", "127.0.0.1:" + server.getPort()));
    return commands.execute(args.toArray(String[]::new));
  }

  private static final class OneEventHub extends HubServiceGrpc.HubServiceImplBase {
    final List<SubscribeRequest> subscribed = new CopyOnWriteArrayList<>();
    final List<PublishRequest> published = new CopyOnWriteArrayList<>();

    @Override
    public void subscribe(SubscribeRequest request, StreamObserver<SubscribeResponse> responses) {
      subscribed.add(request);
      responses.onNext(
          SubscribeResponse.newBuilder()
              .setGap(
                  Gap.newBuilder().setFrom("k3x9.6").setTo("k3x9.6").setReason("position_expired"))
              .build());
      responses.onNext(
          SubscribeResponse.newBuilder()
              .setBatch(EventBatch.newBuilder().addEvents(EVENT))
              .build());
    }

    @Override
    public void publish(PublishRequest request, StreamObserver<PublishResponse> responses) {
      published.add(request);
      responses.onNext(
          PublishResponse.newBuilder()
              .setId(request.getEvent().getId())
              .setSeq(7)
              .setPosition("k3x9.7")
              .build());
      responses.onCompleted();
    }
  }
}
