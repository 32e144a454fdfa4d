package dev.reactorhub.grpc;

import dev.reactorhub.hub.ReturnTimes;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Problem;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.InternalGracefulServerCloseCommand;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The open connections. One that reaches its age gets GOAWAY, so that its client opens another one
 * for what comes next; then its streams are told where to resume and end; what else is under way
 * may finish within the grace. Any thread.
 */
final class Connections extends ServerTransportFilter {
  private static final Attributes.Key<Connection> CONNECTION = Attributes.Key.create("connection");

  /** The streams of a connection that ends come back within a second. */
  private static final ReturnTimes AGED_TIMES =
      new ReturnTimes(Duration.ZERO, Duration.ofSeconds(1));

  private static final Problem AGED =
      Problem.of(
          ErrorCode.GOING_AWAY,
          "the connection has reached its age: resume on another one, at the position last seen");

  private final GrpcConnectionSettings settings;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();

  /** What was accepted, until it is closed: gRPC tells of a connection by its addresses. */
  private final Map<Ends, Channel> channels = new ConcurrentHashMap<>();

  /** Set before the connections are told: one that opens meanwhile finds it, or is found. */
  private volatile @Nullable Departure departure;

  private record Departure(Problem why, ReturnTimes times) {}

  private record Ends(@Nullable SocketAddress local, @Nullable SocketAddress remote) {}

  Connections(GrpcConnectionSettings settings) {
    this.settings = settings;
  }

  /** The connection by which a call came. */
  static Connection of(ServerCall<?, ?> call) {
    return Objects.requireNonNull(call.getAttributes().get(CONNECTION));
  }

  /** Tells every stream of every connection to go, each with a delay of its own. */
  void goAway(Problem why, ReturnTimes times) {
    departure = new Departure(why, times);
    // One more for each connection: what streams that are opened meanwhile are told.
    int all = open.stream().mapToInt(connection -> connection.count() + 1).sum();
    Spread spread = new Spread(times, all);
    open.forEach(connection -> connection.goAway(why, spread));
  }

  /** Part of the listening channel's pipeline, before connections are handed to gRPC. */
  ChannelHandler acceptor() {
    return new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        accepted((Channel) message);
        context.fireChannelRead(message);
      }
    };
  }

  private void accepted(Channel channel) {
    Ends ends = new Ends(channel.localAddress(), channel.remoteAddress());
    channels.put(ends, channel);
    var _ = channel.closeFuture().addListener(closed -> channels.remove(ends, channel));
  }

  @Override
  public Attributes transportReady(Attributes transport) {
    Channel channel =
        channels.get(
            new Ends(
                transport.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR),
                transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
    // Without a channel it was closed meanwhile.
    Connection connection =
        new Connection(channel == null ? GlobalEventExecutor.INSTANCE : channel.eventLoop());
    open.add(connection);
    Departure going = departure;
    if (going != null) {
      connection.goAway(going.why(), new Spread(going.times(), 1));
    }
    if (channel != null && settings.ageMax().isPositive()) {
      long ageNanos =
          jittered(settings.ageMax(), ThreadLocalRandom.current().nextDouble()).toNanos();
      var aging =
          channel
              .eventLoop()
              .schedule(() -> age(connection, channel), ageNanos, TimeUnit.NANOSECONDS);
      var _ = channel.closeFuture().addListener(closed -> aging.cancel(false));
    }
    return transport.toBuilder().set(CONNECTION, connection).build();
  }

  @Override
  public void transportTerminated(Attributes transport) {
    Connection connection = transport.get(CONNECTION);
    if (connection != null) {
      open.remove(connection);
    }
  }

  /** Nine to eleven tenths: connections that came together do not go together. */
  static Duration jittered(Duration age, double random) {
    return Duration.ofNanos((long) (age.toNanos() * (0.9 + 0.2 * random)));
  }

  /**
   * GOAWAY goes first: a client that resumes at once, as told by a frame, must not come back on
   * this connection.
   */
  private void age(Connection connection, Channel channel) {
    if (channel.isActive()) {
      var _ =
          channel.writeAndFlush(
              InternalGracefulServerCloseCommand.create(
                  "max_age", settings.ageGrace().toNanos(), TimeUnit.NANOSECONDS));
      connection.goAway(AGED, new Spread(AGED_TIMES, connection.count() + 1));
    }
  }
}
