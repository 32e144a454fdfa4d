package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.rpc.ErrorInfo;
import dev.reactorhub.grpc.GrpcFixture.Reader;
import dev.reactorhub.grpc.GrpcFixture.Setup;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.GetStatusRequest;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.Start;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What one connection may do, and what becomes of one that is dead, idle or asks too much. */
final class ConnectionBoundsTest {
  private static final GrpcConnectionSettings DEFAULTS = GrpcConnectionSettings.DEFAULTS;

  @Test
  void aClientThatPingsTooOftenIsTurnedAway() {
    try (GrpcFixture f = GrpcFixture.ofDefaults();
        RawHttp2 client = new RawHttp2(f.face.port())) {
      client.ping(10);

      await().until(client::isClosed);
      assertThat(client.told).contains("goaway ENHANCE_YOUR_CALM too_many_pings");
    }
  }

  @Test
  void aClientMayPingAsOftenAsItLikesWhenNothingIsSaidAgainstIt() {
    try (GrpcFixture f = Setup.ofDefaults().with(pings(Duration.ZERO, Duration.ZERO)).start();
        RawHttp2 client = new RawHttp2(f.face.port())) {
      client.ping(100);

      await().until(() -> client.told.stream().filter("pong"::equals).count() == 100);
      assertThat(client.isClosed()).isFalse();
    }
  }

  /** Takes ten seconds: gRPC pings no sooner. */
  @Test
  void aClientThatAnswersNoPingIsGoneAndOneThatDoesStays() {
    GrpcConnectionSettings impatient = pings(Duration.ofSeconds(10), Duration.ofSeconds(10));
    try (GrpcFixture f = Setup.ofDefaults().with(impatient).start();
        RawHttp2 dead = new RawHttp2(f.face.port())) {
      Reader reader = f.subscribe(Filter.newBuilder(), Start.newBuilder());
      await().until(() -> reader.told.size() == 1);
      await().atMost(Duration.ofSeconds(25)).until(dead::isClosed);

      assertThat(dead.told).contains("ping");
      f.publish("default", "a");
      await().until(() -> reader.told.contains("1"));
    }
  }

  @Test
  void aConnectionWithoutCallsIsSentAway() {
    GrpcConnectionSettings settings =
        new GrpcConnectionSettings(
            DEFAULTS.pingAfter(),
            DEFAULTS.pingTimeout(),
            DEFAULTS.clientPingMin(),
            DEFAULTS.ageMax(),
            DEFAULTS.ageGrace(),
            Duration.ofSeconds(1),
            DEFAULTS.callsMax(),
            DEFAULTS.metadataBytesMax());
    try (GrpcFixture f = Setup.ofDefaults().with(settings).start();
        RawHttp2 idle = new RawHttp2(f.face.port())) {
      await().until(() -> idle.told.contains("goaway NO_ERROR max_idle"));
    }
  }

  /** Clients keep further calls back until one has ended (RFC 9113, section 5.1.2). */
  @Test
  void aClientIsToldHowManyCallsItsConnectionMayHaveOpen() {
    try (GrpcFixture f = Setup.ofDefaults().with(calls(2, 16 << 10)).start();
        RawHttp2 client = new RawHttp2(f.face.port())) {
      await().untilAsserted(() -> assertThat(client.told).contains("settings 2 65536"));
    }
  }

  @Test
  void metadataBeyondTheLimitIsToldTheLimit() {
    try (GrpcFixture f = Setup.ofDefaults().with(calls(100, 4 << 10)).start()) {
      assertThat(statusWith(f, "x".repeat(3_000))).isNull();

      Throwable failure = Objects.requireNonNull(statusWith(f, "x".repeat(4_000)));
      ErrorInfo info = GrpcFixture.errorInfo(failure);
      assertThat(info.getReason()).isEqualTo("payload_too_large");
      assertThat(info.getMetadataMap()).containsEntry("limit", "4096");
      assertThat(failure).hasMessageContaining("the metadata of a call may have at most 4096");

      Throwable far = Objects.requireNonNull(statusWith(f, "x".repeat(17_000)));
      assertThat(far).hasMessageContaining("INTERNAL");
      assertThat(statusWith(f, "x")).isNull();
    }
  }

  @Test
  void metadataThatIsNotTextCountsAsItTravels() {
    try (GrpcFixture f = Setup.ofDefaults().with(calls(100, 4 << 10)).start()) {
      Metadata metadata = new Metadata();
      metadata.put(
          Metadata.Key.of("some-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[3 * 1024]);
      Throwable failure = catchThrowable(() -> status(f, metadata));

      assertThat(GrpcFixture.errorInfo(failure).getReason()).isEqualTo("payload_too_large");
    }
  }

  private static @org.jspecify.annotations.Nullable Throwable statusWith(
      GrpcFixture f, String value) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("some", Metadata.ASCII_STRING_MARSHALLER), value);
    return catchThrowable(() -> status(f, metadata));
  }

  private static void status(GrpcFixture f, Metadata metadata) {
    var _ =
        HubServiceGrpc.newBlockingStub(f.channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
            .getStatus(GetStatusRequest.getDefaultInstance());
  }

  private static GrpcConnectionSettings pings(Duration pingAfter, Duration clientPingMin) {
    return new GrpcConnectionSettings(
        pingAfter,
        Duration.ofMillis(500),
        clientPingMin,
        DEFAULTS.ageMax(),
        DEFAULTS.ageGrace(),
        DEFAULTS.idleMax(),
        DEFAULTS.callsMax(),
        DEFAULTS.metadataBytesMax());
  }

  private static GrpcConnectionSettings calls(int callsMax, int metadataBytesMax) {
    return new GrpcConnectionSettings(
        DEFAULTS.pingAfter(),
        DEFAULTS.pingTimeout(),
        DEFAULTS.clientPingMin(),
        DEFAULTS.ageMax(),
        DEFAULTS.ageGrace(),
        DEFAULTS.idleMax(),
        callsMax,
        metadataBytesMax);
  }
}
