package dev.reactorhub.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.reactorhub.v1.Consumer;
import dev.reactorhub.v1.ConsumerClient;
import dev.reactorhub.v1.ConsumerDefinition;
import dev.reactorhub.v1.ConsumerMode;
import dev.reactorhub.v1.ConsumerServiceGrpc;
import dev.reactorhub.v1.Credit;
import dev.reactorhub.v1.DeleteConsumerRequest;
import dev.reactorhub.v1.DeleteConsumerResponse;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.GetConsumerRequest;
import dev.reactorhub.v1.GetConsumerResponse;
import dev.reactorhub.v1.ListConsumersRequest;
import dev.reactorhub.v1.ListConsumersResponse;
import dev.reactorhub.v1.ResetConsumerRequest;
import dev.reactorhub.v1.ResetConsumerResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code consumers} against a gRPC server of two consumers. */
final class ConsumersCommandTest {
  private static final Consumer MAIL =
      Consumer.newBuilder()
          .setName("mail")
          .setDefinition(
              ConsumerDefinition.newBuilder()
                  .setFilter(Filter.newBuilder().addChannels("news.*").addTypes("a"))
                  .setMode(ConsumerMode.CONSUMER_MODE_EXCLUSIVE)
                  .setAttemptsMax(5)
                  .setDeadLetterChannel("dead-letter.mail"))
          .setCreatedAt(Timestamp.newBuilder().setSeconds(1))
          .setPosition("k3x9.7")
          .setLagEvents(12)
          .setOutstandingEvents(3)
          .setRetryingEvents(1)
          .setAcknowledgedEvents(4)
          .setRedeliveredEvents(2)
          .setParkedEvents(1)
          .setAcknowledgedAt(Timestamp.newBuilder().setSeconds(2))
          .addClients(
              ConsumerClient.newBuilder()
                  .setAddress("10.0.0.1")
                  .setActive(true)
                  .setCredit(Credit.newBuilder().setEventsMax(100))
                  .setOutstandingEvents(3)
                  .setOpenedAt(Timestamp.newBuilder().setSeconds(3)))
          .build();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final TwoConsumers hub = new TwoConsumers();
  private Server server =
      Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create()).build();

  private int port;

  @BeforeEach
  void startServer() throws IOException {
    server =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(hub)
            .build()
            .start();
    port = server.getPort();
  }

  @AfterEach
  void stopServer() {
    server.shutdownNow();
  }

  private int execute(String... args) {
    List<String> all = new ArrayList<>(List.of("consumers"));
    all.addAll(List.of(args));
    all.addAll(List.of("--server", "127.0.0.1:" + port));
    CommandLine commands = Commands.with((config, ready) -> 0, Map.of());
    commands.setOut(new PrintWriter(out));
    commands.setErr(new PrintWriter(err));
    return commands.execute(all.toArray(String[]::new));
  }

  @Test
  void listPrintsALineForEachOverAllPages() {
    assertThat(execute("list")).isZero();
    assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
        .containsExactly(
            "NAME MODE LAG OUTSTANDING PARKED CLIENTS POSITION",
            "mail exclusive 12 3 1 1 k3x9.7",
            "sms shared 0 0 0 0 k3x9.19");
  }

  @Test
  void withoutACommandTheyAreListed() {
    assertThat(execute()).isZero();
    assertThat(out.toString().lines()).hasSize(3).element(1).asString().startsWith("mail ");
  }

  @Test
  void aHubThatIsNotThereIsToldByItsPlaceAndTheReason() {
    server.shutdownNow();
    assertThat(execute("list")).isEqualTo(1);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString())
        .startsWith("hub consumers list: no answer from 127.0.0.1:" + port + ": ")
        .contains("Connection refused");
  }

  @Test
  void showPrintsHowOneStands() {
    assertThat(execute("show", "mail")).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            "name         mail",
            "mode         exclusive",
            "channels     news.*",
            "types        a",
            "created      1970-01-01T00:00:01Z",
            "position     k3x9.7",
            "lag          12",
            "outstanding  3",
            "retrying     1",
            "acknowledged 4, last at 1970-01-01T00:00:02Z",
            "redelivered  2",
            "parked       1, after 5 attempts, on dead-letter.mail",
            "client       10.0.0.1 active, since 1970-01-01T00:00:03Z, outstanding: 3 of 100");
  }

  @Test
  void resetSaysWhereTo() {
    assertThat(execute("reset", "mail", "--to", "1970-01-01T00:00:05Z")).isZero();
    assertThat(execute("reset", "mail", "--to", "k3x9.4")).isZero();
    assertThat(hub.heard)
        .containsExactly("reset mail since { seconds: 5 }", "reset mail after: \"k3x9.4\"");
    assertThat(out.toString()).startsWith("name         mail");
    assertThat(execute("reset", "mail")).isEqualTo(2);
  }

  @Test
  void deleteSaysThatItIsDone() {
    assertThat(execute("delete", "mail")).isZero();
    assertThat(hub.heard).containsExactly("delete mail");
    assertThat(out.toString()).isEqualToIgnoringNewLines("deleted mail");
  }

  @Test
  void whatTheHubRefusesIsToldInASentence() {
    assertThat(execute("show", "other")).isEqualTo(1);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines("hub consumers show: there is no consumer \"other\"");
  }

  /** Knows two, a page each, and writes down what it is asked to do. */
  private static final class TwoConsumers extends ConsumerServiceGrpc.ConsumerServiceImplBase {
    private final List<String> heard = new ArrayList<>();

    @Override
    public void listConsumers(
        ListConsumersRequest request, StreamObserver<ListConsumersResponse> response) {
      ListConsumersResponse.Builder page = ListConsumersResponse.newBuilder();
      if (request.getAfter().isEmpty()) {
        page.addConsumers(MAIL).setNext("mail");
      } else {
        page.addConsumers(Consumer.newBuilder().setName("sms").setPosition("k3x9.19"));
      }
      answer(response, page.build());
    }

    @Override
    public void getConsumer(
        GetConsumerRequest request, StreamObserver<GetConsumerResponse> response) {
      if (request.getConsumer().equals("mail")) {
        answer(response, GetConsumerResponse.newBuilder().setConsumer(MAIL).build());
      } else {
        response.onError(
            Status.NOT_FOUND
                .withDescription("there is no consumer \"" + request.getConsumer() + '"')
                .asRuntimeException());
      }
    }

    @Override
    public void resetConsumer(
        ResetConsumerRequest request, StreamObserver<ResetConsumerResponse> response) {
      String to = request.getTo().toString().replaceAll("\\s+", " ").strip();
      heard.add("reset " + request.getConsumer() + " " + to);
      answer(response, ResetConsumerResponse.newBuilder().setConsumer(MAIL).build());
    }

    @Override
    public void deleteConsumer(
        DeleteConsumerRequest request, StreamObserver<DeleteConsumerResponse> response) {
      heard.add("delete " + request.getConsumer());
      answer(response, DeleteConsumerResponse.getDefaultInstance());
    }

    private static <T> void answer(StreamObserver<T> response, T message) {
      response.onNext(message);
      response.onCompleted();
    }
  }
}
