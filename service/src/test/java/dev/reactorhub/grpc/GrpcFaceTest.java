package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import dev.reactorhub.grpc.GrpcFixture.Reader;
import dev.reactorhub.hub.ReturnTimes;
import dev.reactorhub.v1.Earliest;
import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.GetStatusRequest;
import dev.reactorhub.v1.GetStatusResponse;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.PublishResponse;
import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.ReadHistoryRequest;
import dev.reactorhub.v1.ReadHistoryResponse;
import dev.reactorhub.v1.Start;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class GrpcFaceTest {
  private static final Filter.Builder DEFAULT = Filter.newBuilder();

  @Test
  void anEventIsStoredWithEveryFieldAndReadBack() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      NewEvent.Builder sent =
          NewEvent.newBuilder()
              .setId("n1")
              .setType("news_processed")
              .setChannel("news.eu")
              .setSource("crawler")
              .setTimestamp(Timestamp.newBuilder().setSeconds(1_769_860_800).setNanos(5))
              .setDataJson("{\"a\": 1.10}")
              .setTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
      PublishResponse stored = f.publish(sent);

      assertThat(stored)
          .isEqualTo(
              PublishResponse.newBuilder()
                  .setId("n1")
                  .setSeq(1)
                  .setPosition(f.position(1))
                  .build());
      ReadHistoryResponse page =
          f.blocking()
              .readHistory(
                  ReadHistoryRequest.newBuilder()
                      .setFilter(Filter.newBuilder().addChannels("news.*"))
                      .build());
      assertThat(page.getEventsList())
          .containsExactly(
              Event.newBuilder()
                  .setId("n1")
                  .setType("news_processed")
                  .setChannel("news.eu")
                  .setSource("crawler")
                  .setTimestamp(sent.getTimestamp())
                  .setDataJson("{\"a\": 1.10}")
                  .setTraceparent(sent.getTraceparent())
                  .setSeq(1)
                  .setPosition(f.position(1))
                  .build());
      assertThat(page.getNext()).isEqualTo(page.getHead()).isEqualTo(f.position(1));
      assertThat(f.publish(sent).getDuplicate()).isTrue();
    }
  }

  @Test
  void aSubscriberFromNowIsToldWhereItStandsThenGetsWhatMatches() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      f.publish("default", "a");
      Reader reader =
          f.subscribe(Filter.newBuilder().addChannels("news.>").addTypes("a"), Start.newBuilder());
      await().until(() -> reader.told.size() == 1);
      f.publish("news.eu.berlin", "a");
      f.publish("news.eu", "b");
      f.publish("default", "a");
      f.publish("news.eu", "a");

      await().untilAsserted(() -> assertThat(reader.told).containsExactly("caught up 1", "2", "5"));
    }
  }

  @Test
  void aSubscriberResumesAfterItsPositionFarBehindTheWindow() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      IntStream.range(0, 300).forEach(i -> f.publish("default", "a"));
      Reader reader = f.subscribe(DEFAULT, Start.newBuilder().setAfter(f.position(7)));
      await().until(() -> reader.told.contains("caught up 300"));
      f.publish("default", "a");
      await().until(() -> reader.told.contains("301"));

      List<String> expected =
          new java.util.ArrayList<>(
              IntStream.rangeClosed(8, 300).mapToObj(Integer::toString).toList());
      expected.add("caught up 300");
      expected.add("301");
      assertThat(reader.told).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void earliestAndSinceBeginInTheLog() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      f.publish("default", "a");
      Reader earliest =
          f.subscribe(DEFAULT, Start.newBuilder().setEarliest(Earliest.getDefaultInstance()));
      Timestamp before =
          Timestamp.newBuilder().setSeconds(GrpcFixture.NOW.getEpochSecond() - 1).build();
      Timestamp later =
          Timestamp.newBuilder().setSeconds(GrpcFixture.NOW.getEpochSecond() + 1).build();
      Reader since = f.subscribe(DEFAULT, Start.newBuilder().setSince(before));
      Reader sinceLater = f.subscribe(DEFAULT, Start.newBuilder().setSince(later));

      for (Reader reader : List.of(earliest, since)) {
        await().untilAsserted(() -> assertThat(reader.told).containsExactly("1", "caught up 1"));
      }
      await().untilAsserted(() -> assertThat(sinceLater.told).containsExactly("caught up 1"));
    }
  }

  @Test
  void aGapComesFirst() {
    try (GrpcFixture f = new GrpcFixture(Duration.ofSeconds(25), 10, 10)) {
      IntStream.range(0, 100).forEach(i -> f.publish("default", "a"));
      await().until(() -> f.log.range().earliest() > 5);
      Reader expired = f.subscribe(DEFAULT, Start.newBuilder().setAfter(f.position(2)));
      Reader foreign = f.subscribe(DEFAULT, Start.newBuilder().setAfter("other.2"));
      await().until(() -> !expired.told.isEmpty() && !foreign.told.isEmpty());

      assertThat(expired.told.getFirst()).startsWith("gap 2-").endsWith(" position_expired");
      assertThat(foreign.told.getFirst()).startsWith("gap 2-").endsWith(" epoch_unknown");
      refused(
          f,
          "position_expired",
          g -> history(g, ReadHistoryRequest.newBuilder().setAfter(g.position(2))));
    }
  }

  @Test
  void whatARuleForAChannelRemovedIsToldBeforeWhatIsLeft() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      f.makeAHole();
      Start.Builder fromTheStart = Start.newBuilder().setAfter(f.position(0));
      Reader brief = f.subscribe(Filter.newBuilder().addChannels("brief.a"), fromTheStart);
      Reader others = f.subscribe(DEFAULT, fromTheStart);
      await().until(() -> brief.told.size() >= 4 && others.told.size() >= 3);

      assertThat(brief.told)
          .containsExactly("gap 0-3 channel_retention", "5", "6", "caught up 106");
      assertThat(others.told).containsExactly("2", "4", "caught up 106");
    }
  }

  @Test
  void aPageOfHistoryTellsWhatARuleForAChannelRemoved() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      f.makeAHole();
      ReadHistoryRequest.Builder request = ReadHistoryRequest.newBuilder().setAfter(f.position(0));
      ReadHistoryResponse others = f.blocking().readHistory(request.build());
      ReadHistoryResponse both =
          f.blocking()
              .readHistory(
                  request
                      .setFilter(Filter.newBuilder().addChannels("brief.>").addChannels("default"))
                      .build());

      assertThat(others.hasGap()).isFalse();
      assertThat(both.getEventsList()).extracting(Event::getSeq).containsExactly(2L, 4L, 5L, 6L);
      assertThat(both.getGap())
          .isEqualTo(
              dev.reactorhub.v1.Gap.newBuilder()
                  .setFrom(f.position(0))
                  .setTo(f.position(1))
                  .setReason("channel_retention")
                  .setThrough(f.position(3))
                  .build());
    }
  }

  @Test
  void aHeartbeatMovesAFilteredCursor() {
    try (GrpcFixture f = new GrpcFixture(Duration.ofMillis(50), 10, 0)) {
      Reader reader = f.subscribe(Filter.newBuilder().addChannels("quiet"), Start.newBuilder());
      f.publish("default", "a");
      f.publish("default", "a");

      await().until(() -> reader.told.contains("heartbeat 2"));
    }
  }

  @Test
  void aCancelledSubscriptionLeavesNothingBehind() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      Reader reader = f.subscribe(DEFAULT, Start.newBuilder());
      await().until(() -> f.hub.stats().subscriptions() == 1 && f.sessions.count() == 1);
      reader.cancellation.cancel(null);

      await().until(() -> f.hub.stats().subscriptions() == 0 && f.sessions.count() == 0);
    }
  }

  @Test
  void aDeadlineEndsASubscription() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      var frames =
          f.blocking()
              .withDeadlineAfter(200, java.util.concurrent.TimeUnit.MILLISECONDS)
              .subscribe(dev.reactorhub.v1.SubscribeRequest.getDefaultInstance());
      Throwable failure = catchThrowable(() -> frames.forEachRemaining(frame -> {}));

      assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
      await().until(() -> f.hub.stats().subscriptions() == 0);
    }
  }

  @Test
  void moreSessionsThanTheLimitAreRefused() {
    try (GrpcFixture f = new GrpcFixture(Duration.ofSeconds(25), 1, 0)) {
      Reader first = f.subscribe(DEFAULT, Start.newBuilder());
      await().until(() -> !first.told.isEmpty());
      Reader second = f.subscribe(DEFAULT, Start.newBuilder());
      await().until(() -> second.failure != null);

      ErrorInfo info = GrpcFixture.errorInfo(Objects.requireNonNull(second.failure));
      assertThat(info.getReason()).isEqualTo("too_many_sessions");
      assertThat(info.getMetadataMap()).containsEntry("limit", "1");
    }
  }

  @Test
  void acknowledgementsOfAStreamComeInOrderAndABadEventEndsItAfterThem() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      Acknowledgements acknowledgements = new Acknowledgements();
      StreamObserver<PublishStreamRequest> requests = acknowledgements.open(f.channel);
      for (int i = 0; i < 5000; i++) {
        requests.onNext(Acknowledgements.request("s" + i, "a"));
      }
      requests.onNext(Acknowledgements.request("s0", "a"));
      requests.onNext(Acknowledgements.request("bad", "no such type"));
      requests.onNext(Acknowledgements.request("after", "a"));
      await().until(() -> acknowledgements.failure != null);

      assertThat(acknowledgements.ids)
          .hasSize(5001)
          .startsWith("s0", "s1", "s2")
          .endsWith("s4999", "s0 duplicate");
      assertThat(acknowledgements.ids.subList(0, 5000))
          .containsExactlyElementsOf(IntStream.range(0, 5000).mapToObj(i -> "s" + i).toList());
      assertThat(
              GrpcFixture.errorInfo(Objects.requireNonNull(acknowledgements.failure)).getReason())
          .isEqualTo("invalid_name");
      assertThat(f.log.range().head()).isEqualTo(5000);
    }
  }

  @Test
  void badInputIsAnsweredByItsCode() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      String tooLarge = "\"" + "x".repeat((1 << 20) - 1) + "\"";
      refused(
          f, "malformed_json", g -> g.publish(NewEvent.newBuilder().setType("a").setDataJson("{")));
      refused(f, "invalid_event", g -> g.publish(NewEvent.newBuilder()));
      refused(
          f, "invalid_name", g -> g.publish(NewEvent.newBuilder().setType("a").setId("\u0007")));
      refused(
          f, "invalid_name", g -> g.publish(NewEvent.newBuilder().setType("a").setChannel("a..b")));
      refused(
          f,
          "payload_too_large",
          g -> g.publish(NewEvent.newBuilder().setType("a").setDataJson(tooLarge)));
      refused(f, "invalid_limit", g -> history(g, ReadHistoryRequest.newBuilder().setPageSize(-1)));
      refused(f, "invalid_limit", g -> history(g, ReadHistoryRequest.newBuilder().setPageSize(51)));
      refused(
          f, "invalid_position", g -> history(g, ReadHistoryRequest.newBuilder().setAfter("x")));
      refused(
          f,
          "position_in_future",
          g -> history(g, ReadHistoryRequest.newBuilder().setAfter(f.position(9))));
      refused(
          f, "epoch_unknown", g -> history(g, ReadHistoryRequest.newBuilder().setAfter("other.1")));
      refused(
          f,
          "too_many_channels",
          g ->
              history(
                  g,
                  ReadHistoryRequest.newBuilder()
                      .setFilter(
                          Filter.newBuilder().addAllChannels(List.of("a", "b", "c", "d", "e")))));

      assertThat(f.publish("default", "fine").getSeq()).isEqualTo(1);
    }
  }

  @Test
  void dataOfExactlyTheLimitIsTaken() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      String data = "\"" + "x".repeat((1 << 20) - 2) + "\"";

      assertThat(f.publish(NewEvent.newBuilder().setType("a").setDataJson(data)).getSeq())
          .isEqualTo(1);
    }
  }

  @Test
  void aHubThatGoesTellsEachSubscriberWhereToResumeAndTakesNoMore() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      f.publish("default", "a");
      Reader reader = f.subscribe(DEFAULT, Start.newBuilder());
      await().until(() -> !reader.told.isEmpty());
      f.face.goAway(new ReturnTimes(Duration.ZERO, Duration.ofSeconds(2)));
      await().until(() -> reader.isCompleted);
      Reader late = f.subscribe(DEFAULT, Start.newBuilder());
      await().until(() -> late.failure != null);

      assertThat(reader.told).containsExactly("caught up 1", "going away 1");
      assertThat(GrpcFixture.errorInfo(Objects.requireNonNull(late.failure)).getReason())
          .isEqualTo("going_away");
      assertThat(health(f)).isEqualTo(ServingStatus.NOT_SERVING);
    }
  }

  @Test
  void statusHealthAndReflectionAnswer() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      f.publish("default", "a");
      GetStatusResponse status = f.blocking().getStatus(GetStatusRequest.getDefaultInstance());

      assertThat(status.getHead()).isEqualTo(f.position(1));
      assertThat(status.getEarliest()).isEqualTo(f.position(0));
      assertThat(status.getEventsPublished()).isEqualTo(1);
      assertThat(status.getVersion()).isEqualTo("1.2.3");
      assertThat(health(f)).isEqualTo(ServingStatus.SERVING);
      assertThat(services(f)).contains("reactorhub.v1.HubService", "grpc.health.v1.Health");
    }
  }

  private static ServingStatus health(GrpcFixture f) {
    return HealthGrpc.newBlockingStub(f.channel)
        .check(HealthCheckRequest.newBuilder().setService("reactorhub.v1.HubService").build())
        .getStatus();
  }

  private static List<String> services(GrpcFixture f) {
    List<String> names = new CopyOnWriteArrayList<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(f.channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    response
                        .getListServicesResponse()
                        .getServiceList()
                        .forEach(service -> names.add(service.getName()));
                  }

                  @Override
                  public void onError(Throwable failure) {
                    names.add(failure.toString());
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    await().until(() -> !names.isEmpty());
    requests.onCompleted();
    return names;
  }

  private static void history(GrpcFixture f, ReadHistoryRequest.Builder request) {
    var _ = f.blocking().readHistory(request.build());
  }

  private static void refused(GrpcFixture f, String code, Consumer<GrpcFixture> call) {
    Throwable failure = catchThrowable(() -> call.accept(f));
    ErrorInfo info = GrpcFixture.errorInfo(failure);
    assertThat(info.getReason()).isEqualTo(code);
    assertThat(info.getDomain()).isEqualTo("reactorhub.dev");
  }
}
