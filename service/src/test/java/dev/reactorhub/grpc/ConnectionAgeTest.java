package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.grpc.GrpcFixture.Reader;
import dev.reactorhub.grpc.GrpcFixture.Setup;
import dev.reactorhub.stream.TestConsumer;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.Start;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection that reaches its age ends without anybody missing anything. */
@Timeout(30)
final class ConnectionAgeTest {
  private static final Filter.Builder DEFAULT = Filter.newBuilder();

  @Test
  void eachStreamIsToldWhereToResumeThenEndsAndResumesOnAnotherConnection() {
    try (GrpcFixture f = Setup.ofDefaults().with(aged(2_000, 20_000)).start()) {
      f.publish("default", "a");
      List<Reader> readers =
          List.of(
              f.subscribe(DEFAULT, Start.newBuilder().setAfter(f.position(0))),
              f.subscribe(DEFAULT, Start.newBuilder().setAfter(f.position(0))));
      for (Reader reader : readers) {
        await().until(() -> reader.isCompleted);
        assertThat(reader.told).containsExactly("1", "caught up 1", "going away 1");
        Throwable failure = Objects.requireNonNull(reader.failure);
        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(GrpcFixture.errorInfo(failure).getReason()).isEqualTo("going_away");
        assertThat(GrpcFixture.retryDelay(failure))
            .hasValue(Objects.requireNonNull(reader.reconnectAfter));
      }
      assertThat(readers.get(0).reconnectAfter).isNotEqualTo(readers.get(1).reconnectAfter);

      // On the same channel, which had GOAWAY first, and so connects anew.
      f.publish("default", "a");
      Reader resumed = f.subscribe(DEFAULT, Start.newBuilder().setAfter(f.position(1)));
      await().until(() -> resumed.told.contains("caught up 2"));
      assertThat(resumed.told).containsExactly("2", "caught up 2");
    }
  }

  @Test
  void aCallThatDoesNotEndIsCutAfterTheGrace() {
    try (GrpcFixture f = Setup.ofDefaults().with(aged(200, 300)).start()) {
      CompletableFuture<Throwable> ended = new CompletableFuture<>();
      HealthGrpc.newStub(f.channel)
          .watch(
              HealthCheckRequest.getDefaultInstance(),
              new StreamObserver<HealthCheckResponse>() {
                @Override
                public void onNext(HealthCheckResponse health) {}

                @Override
                public void onError(Throwable failure) {
                  ended.complete(failure);
                }

                @Override
                public void onCompleted() {
                  ended.complete(new AssertionError("completed"));
                }
              });

      assertThat(Status.fromThrowable(ended.join()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void aPublishingStreamHasItsAcknowledgementsBeforeItEnds() {
    try (GrpcFixture f = Setup.ofDefaults().with(aged(1_500, 20_000)).start()) {
      Acknowledgements acknowledgements = new Acknowledgements();
      StreamObserver<dev.reactorhub.v1.PublishStreamRequest> requests =
          acknowledgements.open(f.channel);
      requests.onNext(Acknowledgements.request("p1", "a"));
      await().until(() -> acknowledgements.failure != null);

      assertThat(acknowledgements.ids).containsExactly("p1");
      Throwable failure = Objects.requireNonNull(acknowledgements.failure);
      assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(GrpcFixture.retryDelay(failure)).isPresent();
    }
  }

  @Test
  void aConsumersStreamIsHeardOutAndResumesOnAnotherConnection() {
    try (GrpcFixture f = Setup.ofDefaults().with(aged(1_500, 20_000)).start()) {
      try (TestConsumer one = TestConsumer.open(f.channel, "mail", open -> open)) {
        await().until(() -> one.told.contains("made active 0"));
        f.publish("default", "a");
        await().until(() -> one.told.contains("going away 0"));
        one.acknowledge(1, 1L);
        await().until(() -> one.failure != null || one.isCompleted);
        assertThat(one.told).containsExactly("made active 0", "1", "going away 0", "durable 1 1");
      }
      f.publish("default", "a");
      try (TestConsumer again = TestConsumer.open(f.channel, "mail", open -> open)) {
        await().until(() -> again.told.contains("2"));
        assertThat(again.told).startsWith("opened active 1", "2");
      }
    }
  }

  @Test
  void unaryCallsGoOnAcrossTheAgeOfTheirConnection() {
    try (GrpcFixture f = Setup.ofDefaults().with(aged(50, 20_000)).start()) {
      // Each waits for a connection that is at its end as often as not.
      ManagedChannel channel = f.channel;
      Reader reader = f.subscribe(DEFAULT, Start.newBuilder());
      for (int i = 1; i <= 300; i++) {
        assertThat(f.publish("default", "a").getSeq()).isEqualTo(i);
      }
      await().until(() -> reader.isCompleted);
      assertThat(channel.isShutdown()).isFalse();
    }
  }

  @Test
  void connectionsThatCameTogetherDoNotGoTogether() {
    Duration age = Duration.ofMinutes(10);

    assertThat(DoubleStream.of(0, 0.25, 0.5, 1).mapToObj(r -> Connections.jittered(age, r)))
        .containsExactly(
            Duration.ofMinutes(9),
            Duration.ofSeconds(570),
            Duration.ofMinutes(10),
            Duration.ofMinutes(11));
  }

  private static GrpcConnectionSettings aged(int ageMillis, int graceMillis) {
    GrpcConnectionSettings defaults = GrpcConnectionSettings.DEFAULTS;
    return new GrpcConnectionSettings(
        defaults.pingAfter(),
        defaults.pingTimeout(),
        defaults.clientPingMin(),
        Duration.ofMillis(ageMillis),
        Duration.ofMillis(graceMillis),
        defaults.idleMax(),
        defaults.callsMax(),
        defaults.metadataBytesMax());
  }
}
