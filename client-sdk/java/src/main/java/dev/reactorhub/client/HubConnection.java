package dev.reactorhub.client;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.reactorhub.client.ReactorException.Reason;
import dev.reactorhub.v1.ConsumerServiceGrpc;
import dev.reactorhub.v1.HubServiceGrpc;
import io.grpc.CallCredentials;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The ways to the hub, one for each endpoint, shared by all parts of one client. All calls go to
 * the present endpoint; whoever finds that it does not serve moves everybody on to the next one.
 * Any thread.
 */
final class HubConnection implements AutoCloseable {
  private final List<ManagedChannel> channels;
  private final @Nullable CallCredentials credentials;
  private final ClientSettings settings;
  private final Timing timing;

  /** Counts how often it was moved on; its remainder is the index of the present endpoint. */
  private final AtomicInteger moves = new AtomicInteger();

  HubConnection(Endpoints endpoints, ClientSettings settings, Timing timing) {
    this.settings = settings;
    this.timing = timing;
    this.credentials =
        endpoints.tokens() == null ? null : new BearerCredentials(endpoints.tokens());
    Tls tls = endpoints.tls();
    ChannelCredentials security =
        tls == null ? InsecureChannelCredentials.create() : tls.toCredentials();
    this.channels =
        endpoints.addresses().stream().map(address -> open(address, security, tls)).toList();
    if (endpoints.listener() != null) {
      ConnectionWatch watch = new ConnectionWatch(endpoints.listener());
      for (int i = 0; i < channels.size(); i++) {
        watch.follow(endpoints.addresses().get(i), channels.get(i));
      }
    }
  }

  private ManagedChannel open(String address, ChannelCredentials security, @Nullable Tls tls) {
    ManagedChannelBuilder<?> builder =
        Grpc.newChannelBuilder(address, security)
            .maxInboundMessageSize(settings.messageBytesMax())
            .userAgent("reactorhub-java");
    if (tls != null) {
      tls.serverName().ifPresent(builder::overrideAuthority);
    }
    return builder.build();
  }

  ClientSettings settings() {
    return settings;
  }

  Timing timing() {
    return timing;
  }

  int endpoints() {
    return channels.size();
  }

  /** Whether a new attempt may carry another token than the last one. */
  boolean hasTokens() {
    return credentials != null;
  }

  /** The way that calls take at present. */
  Route route() {
    return new Route(moves.get());
  }

  /**
   * To be called before a retry. A channel has waits of its own between connection attempts, up to
   * two minutes, and fails calls meanwhile; our backoff is the one that counts.
   */
  void expectRecovery() {
    route().channel().resetConnectBackoff();
  }

  /** The wait after so many failures in a row: ours, or the longer one that the hub asks for. */
  Duration pause(int failuresInARow, Duration asked) {
    Duration own =
        failuresInARow == 0
            ? Duration.ZERO
            : settings.backoff().delay(failuresInARow, timing.random());
    return asked.compareTo(own) > 0 ? asked : own;
  }

  /** Ends every call. Does not wait. */
  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    timing.close();
  }

  /** One endpoint, for one call. */
  final class Route {
    private final int move;

    private Route(int move) {
      this.move = move;
    }

    private ManagedChannel channel() {
      return channels.get(Math.floorMod(move, channels.size()));
    }

    /** For calls without a deadline. */
    HubServiceGrpc.HubServiceStub stub() {
      HubServiceGrpc.HubServiceStub stub = HubServiceGrpc.newStub(channel());
      return credentials == null ? stub : stub.withCallCredentials(credentials);
    }

    HubServiceGrpc.HubServiceStub stub(Duration timeout) {
      return stub().withDeadlineAfter(timeout.toNanos(), NANOSECONDS);
    }

    ConsumerServiceGrpc.ConsumerServiceStub consumerStub() {
      ConsumerServiceGrpc.ConsumerServiceStub stub = ConsumerServiceGrpc.newStub(channel());
      return credentials == null ? stub : stub.withCallCredentials(credentials);
    }

    HubServiceGrpc.HubServiceBlockingStub blockingStub() {
      HubServiceGrpc.HubServiceBlockingStub stub =
          HubServiceGrpc.newBlockingStub(channel())
              .withDeadlineAfter(settings.callTimeout().toNanos(), NANOSECONDS);
      return credentials == null ? stub : stub.withCallCredentials(credentials);
    }

    ConsumerServiceGrpc.ConsumerServiceBlockingStub blockingConsumerStub() {
      ConsumerServiceGrpc.ConsumerServiceBlockingStub stub =
          ConsumerServiceGrpc.newBlockingStub(channel())
              .withDeadlineAfter(settings.callTimeout().toNanos(), NANOSECONDS);
      return credentials == null ? stub : stub.withCallCredentials(credentials);
    }

    /**
     * This endpoint does not serve: calls take the next one from now on. Of several calls that find
     * so at the same time one moves on.
     */
    void leave() {
      if (moveOn()) {
        // The next one may have failed long ago: it is tried at once.
        expectRecovery();
      }
    }

    private boolean moveOn() {
      return moves.compareAndSet(move, move + 1);
    }

    /** Leaves if the failure is one that another endpoint may not have. */
    void leaveOn(ReactorException failure) {
      if (failure instanceof ReactorException.Unavailable && moveOn()) {
        if (failure.isSilence()) {
          // The connection may have died without anybody being told; the kernel takes a quarter of
          // an hour to find out. Calls under way stay on it, the next ones get another.
          channel().enterIdle();
        }
        expectRecovery();
      }
    }
  }

  static ReactorException streamEnded() {
    return new ReactorException.Unavailable(
        new Reason("stream_ended", "the hub ended the stream"), null);
  }
}
