package dev.reactorhub.grpc;

import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.ConsumerServiceGrpc;
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
  public record Parts(
      Hub hub, Publishing publishing, Sessions sessions, Consumers consumers, String version) {}

  /** Builds the face; nothing is bound yet. */
  public GrpcFace(GrpcSettings settings, Parts parts) {
    this.streams = new SubscribeStreams(settings, calls);
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
            .channelFactory(() -> listening(settings.connectionsMax()))
            .bossEventLoopGroup(accepting)
            .workerEventLoopGroup(transport)
            .executor(calls)
            // Beyond the limit of a message, so that what exceeds that is answered in full.
            .maxInboundMessageSize(settings.limits().bodyBytesMax())
            .maxInboundMetadataSize(GrpcSettings.METADATA_BYTES_MAX)
            .maxConcurrentCallsPerConnection(GrpcSettings.CALLS_PER_CONNECTION_MAX)
            .permitKeepAliveTime(KEEPALIVE_MIN.toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveWithoutCalls(true)
            .intercept(new PeerAddress())
            .addService(
                service(
                    new HubCalls(parts, streams, () -> isDraining),
                    settings.limits().messageBytesMax()))
            .addService(
                consumerService(
                    new ConsumerCalls(parts, streams, () -> isDraining),
                    settings.limits().messageBytesMax()))
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
    health.setStatus(ConsumerServiceGrpc.SERVICE_NAME, status);
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

  /**
   * The generated service, but for its marshallers: requests that cannot be read are answered, and
   * the responses of Subscribe are handed out as bytes.
   */
  private static ServerServiceDefinition service(HubCalls hub, int bytesMax) {
    var publish = answering(HubServiceGrpc.getPublishMethod(), bytesMax);
    var publishStream = answering(HubServiceGrpc.getPublishStreamMethod(), bytesMax);
    MethodDescriptor<Received<SubscribeRequest>, PreparedResponse> subscribe =
        HubServiceGrpc.getSubscribeMethod().toBuilder(
                answering(HubServiceGrpc.getSubscribeMethod(), bytesMax).getRequestMarshaller(),
                new PreparedResponse.Marshaller())
            .build();
    var readHistory = answering(HubServiceGrpc.getReadHistoryMethod(), bytesMax);
    var getStatus = answering(HubServiceGrpc.getGetStatusMethod(), bytesMax);
    ServiceDescriptor descriptor =
        ServiceDescriptor.newBuilder(HubServiceGrpc.SERVICE_NAME)
            .setSchemaDescriptor(HubServiceGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(publish)
            .addMethod(publishStream)
            .addMethod(subscribe)
            .addMethod(readHistory)
            .addMethod(getStatus)
            .build();
    return ServerServiceDefinition.builder(descriptor)
        .addMethod(publish, ServerCalls.asyncUnaryCall(guarded(hub::publish)::handle))
        .addMethod(publishStream, ServerCalls.asyncBidiStreamingCall(hub::publishStream))
        .addMethod(subscribe, ServerCalls.asyncServerStreamingCall(guarded(hub::subscribe)::handle))
        .addMethod(readHistory, ServerCalls.asyncUnaryCall(guarded(hub::readHistory)::handle))
        .addMethod(getStatus, ServerCalls.asyncUnaryCall(guarded(hub::getStatus)::handle))
        .build();
  }

  /** As {@link #service}, for consumers. */
  private static ServerServiceDefinition consumerService(ConsumerCalls calls, int bytesMax) {
    MethodDescriptor<Received<ConsumeRequest>, PreparedResponse> consume =
        ConsumerServiceGrpc.getConsumeMethod().toBuilder(
                answering(ConsumerServiceGrpc.getConsumeMethod(), bytesMax).getRequestMarshaller(),
                new PreparedResponse.Marshaller())
            .build();
    var list = answering(ConsumerServiceGrpc.getListConsumersMethod(), bytesMax);
    var get = answering(ConsumerServiceGrpc.getGetConsumerMethod(), bytesMax);
    var reset = answering(ConsumerServiceGrpc.getResetConsumerMethod(), bytesMax);
    var delete = answering(ConsumerServiceGrpc.getDeleteConsumerMethod(), bytesMax);
    ServiceDescriptor descriptor =
        ServiceDescriptor.newBuilder(ConsumerServiceGrpc.SERVICE_NAME)
            .setSchemaDescriptor(ConsumerServiceGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(consume)
            .addMethod(list)
            .addMethod(get)
            .addMethod(reset)
            .addMethod(delete)
            .build();
    return ServerServiceDefinition.builder(descriptor)
        .addMethod(consume, ServerCalls.asyncBidiStreamingCall(calls::consume))
        .addMethod(list, ServerCalls.asyncUnaryCall(guarded(calls::list)::handle))
        .addMethod(get, ServerCalls.asyncUnaryCall(guarded(calls::get)::handle))
        .addMethod(reset, ServerCalls.asyncUnaryCall(guarded(calls::reset)::handle))
        .addMethod(delete, ServerCalls.asyncUnaryCall(guarded(calls::delete)::handle))
        .build();
  }

  private static <T, R> MethodDescriptor<Received<T>, R> answering(
      MethodDescriptor<T, R> method, int bytesMax) {
    return method.toBuilder(
            new Received.Marshaller<>(method.getRequestMarshaller(), bytesMax),
            method.getResponseMarshaller())
        .build();
  }

  /** A call that may fail before it has answered. */
  @FunctionalInterface
  private interface Call<T, R> {
    void handle(T request, StreamObserver<R> out);
  }

  private static <T, R> Call<Received<T>, R> guarded(Call<T, R> call) {
    return (request, out) -> {
      try {
        call.handle(request.message(), out);
      } catch (RuntimeException e) { // the call's top
        out.onError(GrpcErrors.exception(Failures.problem(e)));
      }
    };
  }
}
