package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.stream.TestConsumer;
import dev.reactorhub.v1.ConsumerDefinition;
import dev.reactorhub.v1.ConsumerServiceGrpc;
import dev.reactorhub.v1.Credit;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.Open;
import dev.reactorhub.v1.ReadHistoryRequest;
import dev.reactorhub.v1.ResetConsumerRequest;
import dev.reactorhub.v1.Start;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Problem;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an error says besides its code: which field is at fault, and when to try again. */
final class ErrorDetailsTest {
  @Test
  void theFieldAtFaultIsNamedAsTheRequestNamesIt() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      assertThat(publishing(f, event().setType("no such type"))).containsExactly("event.type");
      assertThat(publishing(f, event().clearType())).containsExactly("event.type");
      assertThat(publishing(f, event().setChannel("a..b"))).containsExactly("event.channel");
      assertThat(publishing(f, event().setId("\u0007"))).containsExactly("event.id");
      assertThat(publishing(f, event().setSource("x".repeat(129)))).containsExactly("event.source");
      assertThat(publishing(f, event().setTraceparent("\u0007")))
          .containsExactly("event.traceparent");
      assertThat(
              publishing(
                  f,
                  event()
                      .setTimestamp(
                          com.google.protobuf.Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))))
          .containsExactly("event.timestamp");
      assertThat(publishing(f, event().setDataJson("{"))).containsExactly("event.data_json");
      assertThat(publishing(f, event().setDataJson("\"" + "x".repeat(1 << 20) + "\"")))
          .containsExactly("event.data_json");

      assertThat(subscribing(f, Filter.newBuilder().addChannels("a").addChannels("b..c"), ""))
          .containsExactly("filter.channels[1]");
      assertThat(subscribing(f, Filter.newBuilder().addTypes("no such type"), ""))
          .containsExactly("filter.types[0]");
      assertThat(
              subscribing(f, Filter.newBuilder().addAllTypes(List.of("a", "b", "c", "d", "e")), ""))
          .containsExactly("filter.types");
      assertThat(subscribing(f, Filter.newBuilder(), "x")).containsExactly("start.after");
      assertThat(subscribing(f, Filter.newBuilder(), f.position(9))).containsExactly("start.after");

      assertThat(reading(f, ReadHistoryRequest.newBuilder().setPageSize(51)))
          .containsExactly("page_size");
      assertThat(reading(f, ReadHistoryRequest.newBuilder().setAfter("x")))
          .containsExactly("after");
      assertThat(reading(f, ReadHistoryRequest.newBuilder().setAfter("other.1")))
          .containsExactly("after");
    }
  }

  @Test
  void theFieldOfAConsumersFrameAtFaultIsNamedAsWell() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      assertThat(opening(f, "a b", open -> open)).containsExactly("open.consumer");
      assertThat(opening(f, "a", open -> defined(open, of -> of.setAttemptsMax(-1))))
          .containsExactly("open.definition.attempts_max");
      assertThat(opening(f, "a", open -> defined(open, of -> of.setDeadLetterChannel("a..b"))))
          .containsExactly("open.definition.dead_letter_channel");
      assertThat(
              opening(
                  f,
                  "a",
                  open ->
                      defined(open, of -> of.setFilter(Filter.newBuilder().addChannels("b..c")))))
          .containsExactly("open.definition.filter.channels[0]");
      assertThat(opening(f, "a", open -> open.setStart(Start.newBuilder().setAfter("x"))))
          .containsExactly("open.start.after");
      assertThat(opening(f, "a", open -> open.setCredit(Credit.newBuilder().setEventsMax(-1))))
          .containsExactly("open.credit.events_max");
      try (TestConsumer opened = TestConsumer.open(f.channel, "a", open -> open)) {
        opened.acknowledgeThrough(1, "x");
        assertThat(fieldsAtTheEndOf(opened)).containsExactly("acknowledge.through");
      }
      assertThat(
              fields(
                  () ->
                      ConsumerServiceGrpc.newBlockingStub(f.channel)
                          .resetConsumer(
                              ResetConsumerRequest.newBuilder()
                                  .setConsumer("a")
                                  .setTo(Start.newBuilder().setAfter("x"))
                                  .build())))
          .containsExactly("to.after");
    }
  }

  @Test
  void whatMaySucceedLaterSaysWhen() {
    for (ErrorCode code : ErrorCode.values()) {
      Throwable failure = GrpcErrors.exception(Problem.of(code, "why"));
      assertThat(GrpcFixture.retryDelay(failure)).as(code.code()).isEqualTo(code.retryDelay());
      assertThat(GrpcFixture.faultyFields(failure)).isEmpty();
    }
    assertThat(ErrorCode.INVALID_NAME.retryDelay()).isEmpty();
    // Who is told that nobody is there may always try again.
    assertThat(
            Arrays.stream(ErrorCode.values())
                .filter(code -> GrpcErrors.code(code) == com.google.rpc.Code.UNAVAILABLE))
        .isNotEmpty()
        .allMatch(ErrorCode::isPassing);
  }

  @Test
  void theDocumentNamesEachDelay() throws IOException {
    String delays =
        Stream.of(ErrorCode.values())
            .filter(ErrorCode::isPassing)
            .map(code -> "`" + code.code() + "` " + seconds(code) + " s")
            .collect(Collectors.joining(", "));

    assertThat(Files.readString(Path.of("../docs/protocol.md")).replace('\n', ' '))
        .contains(delays);
  }

  private static long seconds(ErrorCode code) {
    return code.retryDelay().map(Duration::toSeconds).orElseThrow();
  }

  private static NewEvent.Builder event() {
    return NewEvent.newBuilder().setType("a");
  }

  private static List<String> publishing(GrpcFixture f, NewEvent.Builder event) {
    return fields(() -> f.publish(event));
  }

  private static List<String> subscribing(GrpcFixture f, Filter.Builder filter, String after) {
    Start.Builder start = Start.newBuilder();
    if (!after.isEmpty()) {
      start.setAfter(after);
    }
    SubscribeRequest request =
        SubscribeRequest.newBuilder().setFilter(filter).setStart(start).build();
    return fields(() -> f.blocking().subscribe(request).next());
  }

  private static List<String> reading(GrpcFixture f, ReadHistoryRequest.Builder request) {
    return fields(() -> f.blocking().readHistory(request.build()));
  }

  private static Open.Builder defined(
      Open.Builder open, UnaryOperator<ConsumerDefinition.Builder> with) {
    return open.setDefinition(with.apply(ConsumerDefinition.newBuilder()));
  }

  private static List<String> opening(
      GrpcFixture f, String name, UnaryOperator<Open.Builder> with) {
    try (TestConsumer refused = TestConsumer.open(f.channel, name, with)) {
      return fieldsAtTheEndOf(refused);
    }
  }

  private static List<String> fieldsAtTheEndOf(TestConsumer consumer) {
    await().until(() -> consumer.failure != null);
    return GrpcFixture.faultyFields(Objects.requireNonNull(consumer.failure));
  }

  private static List<String> fields(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    Throwable failure = catchThrowable(call);
    assertThat(Status.fromThrowable(failure).getCode())
        .isIn(Status.Code.INVALID_ARGUMENT, Status.Code.OUT_OF_RANGE);
    return GrpcFixture.faultyFields(failure);
  }
}
