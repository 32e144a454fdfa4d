package dev.reactorhub.grpc;

import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Publishing;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The gRPC server: the hub's API, health and reflection. Start once, {@link #goAway} and {@link
 * #stop} once, from any thread.
 */
public final class GrpcFace {
  private static final Duration KEEPALIVE_MIN = Duration.ofSeconds(10);
  private static final Duration STOP_MAX = Duration.ofSeconds(5);

  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final HealthStatusManager health = new HealthStatusManager();
  private final EventLoopGroup accepting =
      new NioEventLoopGroup(1, new DefaultThreadFactory("grpc-accept", true));
  private final EventLoopGroup transport =
      new NioEventLoopGroup(0, new DefaultThreadFactory("grpc-transport", true));
  private final SubscribeStreams streams;
  private final Server server;
  private volatile boolean isDraining;

  /**
   * What the face serves.
   *
   * @param version of the hub, for the status
   */
  public record Parts(Hub hub, Publishing publishing, Sessions sessions, String version) {}

  /** Builds the face; nothing is bound yet. */
  public GrpcFace(GrpcSettings settings, Parts parts) {
    this.streams = new SubscribeStreams(settings, calls);
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
            .channelFactory(() -> listening(settings.connectionsMax()))
            .bossEventLoopGroup(accepting)
            .workerEventLoopGroup(transport)
            .executor(calls)
            .maxInboundMessageSize(settings.limits().messageBytesMax())
            .maxInboundMetadataSize(GrpcSettings.METADATA_BYTES_MAX)
            .maxConcurrentCallsPerConnection(GrpcSettings.CALLS_PER_CONNECTION_MAX)
            .permitKeepAliveTime(KEEPALIVE_MIN.toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveWithoutCalls(true)
            .intercept(new PeerAddress())
            .addService(service(new HubCalls(parts, streams, () -> isDraining)))
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build();
  }

  /** Binds and serves. */
  public void start() {
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen for gRPC: another program may use the port; choose one with --grpc-port",
          e);
    }
    streams.start();
    setServing(true);
  }

  /** The bound port. */
  public int port() {
    return server.getPort();
  }

  /** What {@code grpc.health.v1} answers for the server and its service. */
  public void setServing(boolean isServing) {
    ServingStatus status = isServing ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(HubServiceGrpc.SERVICE_NAME, status);
  }

  /** Refuses new subscriptions, and tells each open one where to resume and when. */
  public void goAway(Duration window) {
    isDraining = true;
    setServing(false);
    streams.goAway(window);
  }

  /** Lets calls under way finish for a moment, then ends them and stops. */
  public void stop() {
    isDraining = true;
    server.shutdown();
    try {
      if (!server.awaitTermination(STOP_MAX.toNanos(), TimeUnit.NANOSECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    streams.close();
    calls.shutdown();
    var _ = transport.shutdownGracefully(0, STOP_MAX.toNanos(), TimeUnit.NANOSECONDS);
    var _ = accepting.shutdownGracefully(0, STOP_MAX.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static ServerChannel listening(int connectionsMax) {
    NioServerSocketChannel channel = new NioServerSocketChannel();
    channel.pipeline().addFirst(new AcceptGate(connectionsMax));
    return channel;
  }

  /** The generated service, but for the responses of Subscribe, which are handed out as bytes. */
  private static ServerServiceDefinition service(HubCalls hub) {
    MethodDescriptor<SubscribeRequest, PreparedResponse> subscribe =
        HubServiceGrpc.getSubscribeMethod().toBuilder(
                HubServiceGrpc.getSubscribeMethod().getRequestMarshaller(),
                new PreparedResponse.Marshaller())
            .build();
    ServiceDescriptor descriptor =
        ServiceDescriptor.newBuilder(HubServiceGrpc.SERVICE_NAME)
            .setSchemaDescriptor(HubServiceGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(HubServiceGrpc.getPublishMethod())
            .addMethod(HubServiceGrpc.getPublishStreamMethod())
            .addMethod(subscribe)
            .addMethod(HubServiceGrpc.getReadHistoryMethod())
            .addMethod(HubServiceGrpc.getGetStatusMethod())
            .build();
    return ServerServiceDefinition.builder(descriptor)
        .addMethod(
            HubServiceGrpc.getPublishMethod(),
            ServerCalls.asyncUnaryCall((request, out) -> guarded(hub::publish, request, out)))
        .addMethod(
            HubServiceGrpc.getPublishStreamMethod(),
            ServerCalls.asyncBidiStreamingCall(hub::publishStream))
        .addMethod(
            subscribe,
            ServerCalls.asyncServerStreamingCall(
                (request, out) -> guarded(hub::subscribe, request, out)))
        .addMethod(
            HubServiceGrpc.getReadHistoryMethod(),
            ServerCalls.asyncUnaryCall((request, out) -> guarded(hub::readHistory, request, out)))
        .addMethod(
            HubServiceGrpc.getGetStatusMethod(),
            ServerCalls.asyncUnaryCall((request, out) -> guarded(hub::getStatus, request, out)))
        .build();
  }

  /** A call that may fail before it has answered. */
  @FunctionalInterface
  private interface Call<T, R> {
    void handle(T request, StreamObserver<R> out);
  }

  private static <T, R> void guarded(Call<T, R> call, T request, StreamObserver<R> out) {
    try {
      call.handle(request, out);
    } catch (RuntimeException e) { // the call's top
      out.onError(GrpcErrors.exception(Failures.problem(e)));
    }
  }
}
