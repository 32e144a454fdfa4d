package dev.reactorhub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.BadRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ValuesTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "ä", "a\n"})
  void aTypeHasTheHubsAlphabet(String type) {
    assertThatThrownBy(() -> NewEvent.of(type, "{}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("not a valid type: \"" + type + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "a.*", ">", "a b"})
  void anEventGoesToOneChannel(String channel) {
    assertThatThrownBy(() -> NewEvent.builder("a").channel(channel).build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a.b", "*", ">", "a.*", "*.b", "a.>", "*.>", "a.*.c:d-e_f"})
  void aFilterTakesPatterns(String pattern) {
    assertThat(Filter.channels(pattern).channels()).containsExactly(pattern);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.", ">.a", "a.>.b", "a*", "a.b>", "**"})
  void aPatternsWildcardsAreWholeTokens(String pattern) {
    assertThatThrownBy(() -> Filter.channels(pattern)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void namesHaveALongestLength() {
    assertThat(NewEvent.of("a".repeat(128), "{}").type()).hasSize(128);
    assertThatThrownBy(() -> NewEvent.of("a".repeat(129), "{}"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Filter.channels("a".repeat(256)).channels()).hasSize(1);
    assertThatThrownBy(() -> Filter.channels("a".repeat(257)))
        .isInstanceOf(IllegalArgumentException.class);
    // 128 characters beyond the basic plane, 256 in Java's counting.
    assertThat(NewEvent.builder("a").id("😀".repeat(128)).build().id()).isPresent();
    assertThatThrownBy(() -> NewEvent.builder("a").source("a\u0000").build())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theDelayDoublesUpToTheLongestAndHalfOfItIsDrawn() {
    Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1));

    assertThat(backoff.delay(1, 1)).isEqualTo(Duration.ofMillis(200));
    assertThat(backoff.delay(2, 1)).isEqualTo(Duration.ofMillis(400));
    assertThat(backoff.delay(3, 1)).isEqualTo(Duration.ofMillis(800));
    assertThat(backoff.delay(4, 1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.delay(Integer.MAX_VALUE, 1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.delay(1, 0)).isEqualTo(Duration.ofMillis(100));
    assertThatThrownBy(() -> new Backoff(Duration.ZERO, Duration.ZERO))
        .hasMessage("first is PT0S: must be more than zero");
  }

  @Test
  void anIdBeginsWithItsTime() {
    EventIds ids = new EventIds(InstantSource.fixed(Instant.ofEpochMilli(0x0123_4567_89abL)));

    assertThat(ids.next())
        .matches("01234567-89ab-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        .isNotEqualTo(ids.next());
  }

  @Test
  void theHubsCodeIsFoundAmongTheDetails() {
    ReactorException failure =
        Failures.of(
            HubErrors.of(
                Status.Code.INVALID_ARGUMENT,
                BadRequest.getDefaultInstance(),
                HubErrors.info("googleapis.com", "other"),
                HubErrors.info("reactorhub.dev", "invalid_name")));

    assertThat(failure).isInstanceOf(ReactorException.Refused.class);
    assertThat(failure.code()).isEqualTo("invalid_name");
    assertThat(failure.retryAfter()).isEmpty();
  }

  @Test
  void detailsThatCannotBeReadLeaveTheStatus() {
    Metadata trailers = new Metadata();
    trailers.put(
        Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER),
        new byte[] {1, 2, 3});

    ReactorException failure = Failures.of(Status.UNAVAILABLE.asRuntimeException(trailers));

    assertThat(failure).isInstanceOf(ReactorException.Unavailable.class);
    assertThat(failure.code()).isEqualTo("unavailable");
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {
        "INVALID_ARGUMENT",
        "OUT_OF_RANGE",
        "FAILED_PRECONDITION",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "UNIMPLEMENTED",
        "UNAUTHENTICATED",
        "PERMISSION_DENIED"
      })
  void theseEndASubscription(Status.Code code) {
    assertThat(Failures.of(code.toStatus().asRuntimeException()).isPermanent()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {
        "UNAVAILABLE",
        "DEADLINE_EXCEEDED",
        "ABORTED",
        "CANCELLED",
        "RESOURCE_EXHAUSTED",
        "UNKNOWN",
        "INTERNAL",
        "DATA_LOSS"
      })
  void theseAreWaitedOut(Status.Code code) {
    assertThat(Failures.of(code.toStatus().asRuntimeException()).isPermanent()).isFalse();
  }
}
