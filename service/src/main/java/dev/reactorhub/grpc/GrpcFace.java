package dev.reactorhub.grpc;

import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.health.Pulse;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.ReturnTimes;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.ConsumerServiceGrpc;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.Publishing;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
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
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC server: the hub's API, health and reflection. Start once, {@link #goAway} and {@link
 * #stop} once, from any thread.
 */
public final class GrpcFace {
  private static final Duration STOP_MAX = Duration.ofSeconds(5);
  private static final Duration TRANSPORT_BEAT = Duration.ofSeconds(5);

  /** Who stops waits no longer than this for clients to close connections without calls. */
  private static final Duration LINGER_MAX = Duration.ofSeconds(1);

  /** The calls that run on the thread of their connection, where nothing may wait. */
  private static final Set<String> STREAMS =
      Set.of(
          HubServiceGrpc.getSubscribeMethod().getFullMethodName(),
          ConsumerServiceGrpc.getConsumeMethod().getFullMethodName());

  /** For those who were told nothing else before. */
  private static final ReturnTimes RETURN_SOON =
      new ReturnTimes(Duration.ofSeconds(1), Duration.ZERO);

  private static final Problem STOPPING =
      Problem.of(ErrorCode.GOING_AWAY, "the hub is shutting down: resume where you were");

  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private final HealthStatusManager health = new HealthStatusManager();
  private final EventLoopGroup accepting = Transport.loops(1, "grpc-accept");
  private final EventLoopGroup transport = Transport.loops(0, "grpc-transport");
  private final List<Pulse> transportPulses = new CopyOnWriteArrayList<>();
  private final CallGate gate = new CallGate();
  private final Connections connections;
  private final HeldStreams streams;
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
    this.streams =
        new HeldStreams(settings, calls, parts.hub().figures().deliveries(Sessions.Face.GRPC));
    this.connections = new Connections(settings.connections());
    this.server =
        serverBuilder(settings)
            .channelFactory(() -> listening(settings.connectionsMax()))
            .bossEventLoopGroup(accepting)
            .workerEventLoopGroup(transport)
            .executor(calls)
            .callExecutor(GrpcFace::executor)
            .addTransportFilter(connections)
            .intercept(gate)
            .intercept(new CallTrace())
            .intercept(new PeerAddress())
            .addService(service(new HubCalls(parts, streams), settings.limits().messageBytesMax()))
            .addService(
                consumerService(
                    new ConsumerCalls(parts, streams), settings.limits().messageBytesMax()))
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build();
  }

  /** The bounds on what clients may do. */
  private static NettyServerBuilder serverBuilder(GrpcSettings settings) {
    GrpcConnectionSettings connections = settings.connections();
    MetadataLimit metadata = new MetadataLimit(connections.metadataBytesMax());
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(settings.host(), settings.port()))
            // Beyond the limit of a message, so that what exceeds that is answered in full.
            .maxInboundMessageSize(settings.limits().bodyBytesMax())
            .maxInboundMetadataSize(metadata.transportBytesMax())
            .intercept(metadata)
            .maxConcurrentCallsPerConnection(connections.callsMax())
            .permitKeepAliveTime(connections.clientPingMin().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveWithoutCalls(true);
    if (connections.pingAfter().isPositive()) {
      builder
          .keepAliveTime(connections.pingAfter().toNanos(), TimeUnit.NANOSECONDS)
          .keepAliveTimeout(connections.pingTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }
    if (connections.idleMax().isPositive()) {
      builder.maxConnectionIdle(connections.idleMax().toNanos(), TimeUnit.NANOSECONDS);
    }
    return builder;
  }

  /** Streams that send much run on the thread of their connection. Null: as all others. */
  private static <T, R> @Nullable Executor executor(ServerCall<T, R> call, Metadata headers) {
    String method = call.getMethodDescriptor().getFullMethodName();
    return STREAMS.contains(method) ? Connections.of(call).thread() : null;
  }

  /** Binds and serves. */
  public void start() {
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen for gRPC ("
              + e.getMessage()
              + "): another program may use the port; choose one with --grpc-port",
          e);
    }
    streams.start();
    transport.forEach(this::watch);
    setServing(true);
  }

  /** The bound port. */
  public int port() {
    return server.getPort();
  }

  /** The state of the threads without which nobody is served; after {@link #start}. */
  public List<Pulse> pulses() {
    return Stream.concat(transportPulses.stream(), Stream.of(streams.pulse())).toList();
  }

  private void watch(EventExecutor loop) {
    Pulse pulse = new Pulse("grpc-transport-" + transportPulses.size(), Pulse.STUCK);
    transportPulses.add(pulse);
    pulse.begin();
    var _ =
        loop.scheduleAtFixedRate(pulse::beat, 0, TRANSPORT_BEAT.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** What {@code grpc.health.v1} answers for the server and its service. Not when it goes away. */
  public void setServing(boolean isServing) {
    ServingStatus status =
        isServing && !isDraining ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(HubServiceGrpc.SERVICE_NAME, status);
    health.setStatus(ConsumerServiceGrpc.SERVICE_NAME, status);
  }

  /**
   * Refuses new calls. Each open stream is told where to resume, and when: at a time of its own;
   * what it took is acknowledged first; then it ends. Health says at once that nothing is served
   * here. Returns at once; what is under way goes on. Again: changes nothing.
   */
  public void goAway(ReturnTimes times) {
    isDraining = true;
    setServing(false);
    gate.close(STOPPING, times);
    connections.goAway(STOPPING, times);
  }

  /**
   * Sends GOAWAY on every connection, lets calls under way finish, then closes the connections.
   * Ends what is left when the time is over: nobody can make it longer. Again, from another thread
   * and with less time: hastens the one under way.
   *
   * @param atMost zero: ends everything at once
   */
  public void stop(Duration atMost) {
    goAway(RETURN_SOON);
    server.shutdown();
    try {
      long startedNanos = System.nanoTime();
      if (gate.awaitIdle(atMost)) {
        long leftNanos = atMost.toNanos() - (System.nanoTime() - startedNanos);
        server.awaitTermination(Math.min(leftNanos, LINGER_MAX.toNanos()), TimeUnit.NANOSECONDS);
      }
      server.shutdownNow();
      // So that calls hear of their end while there are threads for it.
      server.awaitTermination(LINGER_MAX.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    gate.stopWaiting();
    streams.close();
    calls.shutdown();
    var _ = transport.shutdownGracefully(0, STOP_MAX.toNanos(), TimeUnit.NANOSECONDS);
    var _ = accepting.shutdownGracefully(0, STOP_MAX.toNanos(), TimeUnit.NANOSECONDS);
  }

  private ServerChannel listening(int connectionsMax) {
    ServerChannel channel = Transport.listening();
    channel.pipeline().addFirst(new AcceptGate(connectionsMax), connections.acceptor());
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
