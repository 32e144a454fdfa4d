package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.grpc.GrpcFixture.Reader;
import dev.reactorhub.grpc.GrpcFixture.Setup;
import dev.reactorhub.hub.ReturnTimes;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.GetStatusRequest;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.PublishResponse;
import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.ReadHistoryRequest;
import dev.reactorhub.v1.Start;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the face goes away: nobody is left without an answer, and nobody can hold it up. */
@Timeout(30)
final class GoAwayTest {
  private static final Filter.Builder DEFAULT = Filter.newBuilder();

  @Test
  void eachStreamIsToldItsPositionAndADelayOfItsOwnThenEnds() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      f.publish("default", "a");
      List<Reader> readers =
          IntStream.range(0, 5).mapToObj(i -> f.subscribe(DEFAULT, Start.newBuilder())).toList();
      readers.forEach(reader -> await().until(() -> !reader.told.isEmpty()));
      f.face.goAway(new ReturnTimes(Duration.ofSeconds(3), Duration.ofSeconds(10)));

      for (Reader reader : readers) {
        await().until(() -> reader.isCompleted);
        assertThat(reader.told).containsExactly("caught up 1", "going away 1");
        Throwable failure = Objects.requireNonNull(reader.failure);
        assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(GrpcFixture.errorInfo(failure).getReason()).isEqualTo("going_away");
        assertThat(GrpcFixture.retryDelay(failure))
            .hasValue(Objects.requireNonNull(reader.reconnectAfter));
      }
      assertThat(readers.stream().map(reader -> Objects.requireNonNull(reader.reconnectAfter)))
          .doesNotHaveDuplicates()
          .allMatch(delay -> delay.compareTo(Duration.ofSeconds(3)) >= 0)
          .allMatch(delay -> delay.compareTo(Duration.ofSeconds(13)) <= 0)
          .anyMatch(delay -> delay.compareTo(Duration.ofSeconds(9)) > 0);
      await().until(() -> f.sessions.count() == 0);
    }
  }

  @Test
  void eachConnectionIsToldThatItTakesNoNewCallsThenEnds() {
    try (GrpcFixture f = GrpcFixture.ofDefaults();
        RawHttp2 connection = new RawHttp2(f.face.port())) {
      await().until(() -> !connection.told.isEmpty());
      f.face.stop(Duration.ofSeconds(1));

      await().until(connection::isClosed);
      assertThat(connection.told).anyMatch(frame -> frame.startsWith("goaway NO_ERROR"));
    }
  }

  @Test
  void everyNewCallIsRefusedAndAskedToComeBack() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      f.face.goAway(new ReturnTimes(Duration.ofSeconds(3), Duration.ofSeconds(10)));
      Acknowledgements stream = new Acknowledgements();
      var _ = stream.open(f.channel);
      Reader reader = f.subscribe(DEFAULT, Start.newBuilder());
      await().until(() -> stream.failure != null && reader.failure != null);

      List<Throwable> refusals =
          List.of(
              Objects.requireNonNull(stream.failure),
              Objects.requireNonNull(reader.failure),
              catchThrowable(() -> f.publish("default", "a")),
              catchThrowable(
                  () -> f.blocking().readHistory(ReadHistoryRequest.getDefaultInstance())),
              catchThrowable(() -> f.blocking().getStatus(GetStatusRequest.getDefaultInstance())));
      assertThat(refusals)
          .allSatisfy(
              refusal -> {
                assertThat(Status.fromThrowable(refusal).getCode())
                    .isEqualTo(Status.Code.UNAVAILABLE);
                assertThat(GrpcFixture.errorInfo(refusal).getReason()).isEqualTo("going_away");
                assertThat(GrpcFixture.retryDelay(refusal).orElseThrow())
                    .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(13));
              });
      assertThat(f.log.range().head()).isZero();
    }
  }

  @Test
  void healthSaysAtOnceThatNothingIsServedHereAndNeverTakesItBack() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      List<ServingStatus> watched = new CopyOnWriteArrayList<>();
      watchHealth(f, watched);
      await().until(() -> watched.equals(List.of(ServingStatus.SERVING)));
      f.face.goAway(new ReturnTimes(Duration.ofSeconds(1), Duration.ZERO));
      f.face.setServing(true);

      await()
          .until(() -> watched.equals(List.of(ServingStatus.SERVING, ServingStatus.NOT_SERVING)));
    }
  }

  @Test
  void whatIsBeingPublishedIsAcknowledgedFirst() throws Exception {
    HeldClock disk = new HeldClock();
    try (GrpcFixture f = Setup.ofDefaults().with(disk).start();
        disk) {
      CompletableFuture<PublishResponse> unary = publishing(f);
      Acknowledgements stream = new Acknowledgements();
      StreamObserver<PublishStreamRequest> requests = stream.open(f.channel);
      requests.onNext(Acknowledgements.request("s1", "a"));
      requests.onNext(Acknowledgements.request("s2", "a"));
      await().until(() -> f.publishes.get() == 3);

      f.face.goAway(new ReturnTimes(Duration.ofSeconds(1), Duration.ZERO));
      Thread stopping = Thread.ofVirtual().start(() -> f.face.stop(Duration.ofSeconds(5)));
      requests.onNext(Acknowledgements.request("late", "a"));
      disk.release();

      assertThat(unary.join().getId()).isEqualTo("u1");
      await().until(() -> stream.failure != null);
      assertThat(stream.ids).containsExactly("s1", "s2");
      assertThat(Status.fromThrowable(stream.failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      stopping.join();
      assertThat(f.log.range().head()).isEqualTo(3);
    }
  }

  @Test
  void clientsThatDoNothingDoNotHoldItUp() {
    HeldClock disk = new HeldClock();
    try (GrpcFixture f = Setup.ofDefaults().with(disk).start();
        disk) {
      Reader reader = f.subscribe(DEFAULT, Start.newBuilder());
      watchHealth(f, new CopyOnWriteArrayList<>());
      CompletableFuture<PublishResponse> unary = publishing(f);
      await().until(() -> f.publishes.get() == 1 && !reader.told.isEmpty());
      f.face.stop(Duration.ofMillis(100));

      assertThat(catchThrowable(unary::join)).isNotNull();
      await().until(() -> f.sessions.count() == 0);
    }
  }

  @Test
  void aSecondStopHastensTheFirst() throws Exception {
    HeldClock disk = new HeldClock();
    try (GrpcFixture f = Setup.ofDefaults().with(disk).start();
        disk) {
      CompletableFuture<PublishResponse> unary = publishing(f);
      await().until(() -> f.publishes.get() == 1);
      Thread first = Thread.ofVirtual().start(() -> f.face.stop(Duration.ofHours(1)));
      await().until(() -> isStopping(f));
      f.face.stop(Duration.ZERO);

      first.join();
      assertThat(catchThrowable(unary::join)).isNotNull();
    }
  }

  private static boolean isStopping(GrpcFixture f) {
    return catchThrowable(() -> f.blocking().getStatus(GetStatusRequest.getDefaultInstance()))
        != null;
  }

  private static CompletableFuture<PublishResponse> publishing(GrpcFixture f) {
    PublishRequest request =
        PublishRequest.newBuilder()
            .setEvent(NewEvent.newBuilder().setId("u1").setType("a"))
            .build();
    return CompletableFuture.supplyAsync(
        () -> f.blocking().publish(request), task -> Thread.ofVirtual().start(task));
  }

  private static void watchHealth(GrpcFixture f, List<ServingStatus> watched) {
    HealthGrpc.newStub(f.channel)
        .watch(
            HealthCheckRequest.getDefaultInstance(),
            new StreamObserver<HealthCheckResponse>() {
              @Override
              public void onNext(HealthCheckResponse health) {
                watched.add(health.getStatus());
              }

              @Override
              public void onError(Throwable failure) {}

              @Override
              public void onCompleted() {}
            });
  }
}
