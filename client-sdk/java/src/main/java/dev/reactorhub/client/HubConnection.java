package dev.reactorhub.client;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.reactorhub.v1.HubServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.time.Duration;

/** The channel to the hub, shared by all parts of one client. Any thread. */
final class HubConnection implements AutoCloseable {
  private final ManagedChannel channel;
  private final ClientSettings settings;
  private final Timing timing;

  HubConnection(String endpoint, ClientSettings settings, Timing timing) {
    this.settings = settings;
    this.timing = timing;
    this.channel =
        Grpc.newChannelBuilder(endpoint, InsecureChannelCredentials.create())
            .maxInboundMessageSize(settings.messageBytesMax())
            .userAgent("reactorhub-java")
            .build();
  }

  ClientSettings settings() {
    return settings;
  }

  Timing timing() {
    return timing;
  }

  /** For calls without a deadline. */
  HubServiceGrpc.HubServiceStub stub() {
    return HubServiceGrpc.newStub(channel);
  }

  HubServiceGrpc.HubServiceStub stub(Duration timeout) {
    return stub().withDeadlineAfter(timeout.toNanos(), NANOSECONDS);
  }

  HubServiceGrpc.HubServiceBlockingStub blockingStub() {
    return HubServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(settings.callTimeout().toNanos(), NANOSECONDS);
  }

  /**
   * To be called before a retry. The channel has waits of its own between connection attempts, up
   * to two minutes, and fails calls meanwhile; our backoff is the one that counts.
   */
  void expectRecovery() {
    channel.resetConnectBackoff();
  }

  /** Ends every call. Does not wait. */
  @Override
  public void close() {
    channel.shutdownNow();
    timing.close();
  }
}
