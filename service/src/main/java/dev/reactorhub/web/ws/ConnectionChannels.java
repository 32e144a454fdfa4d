package dev.reactorhub.web.ws;

import io.helidon.common.socket.PeerInfo;
import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Socket options that remember each accepted channel until its connection asks for it: Helidon
 * hands the channel to its options but not to an upgraded connection.
 *
 * <p>Channels are held weakly, so a connection that is never upgraded costs one entry until its
 * channel is collected. Thread-safe.
 */
final class ConnectionChannels implements SocketOptions {
  private final SocketOptions options;
  private final Map<Endpoints, ChannelReference> channels = new ConcurrentHashMap<>();
  private final ReferenceQueue<SocketChannel> collected = new ReferenceQueue<>();

  ConnectionChannels(SocketOptions options) {
    this.options = options;
  }

  @Override
  public void configureSocket(SocketChannel channel) {
    options.configureSocket(channel);
    for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
      ChannelReference reference = (ChannelReference) gone;
      channels.remove(reference.endpoints, reference);
    }
    try {
      // Two Unix-domain peers have no addresses that tell them apart.
      if (channel.getLocalAddress() instanceof InetSocketAddress local
          && channel.getRemoteAddress() instanceof InetSocketAddress remote) {
        Endpoints endpoints = new Endpoints(local, remote);
        channels.put(endpoints, new ChannelReference(endpoints, channel, collected));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The open channel of this connection, if it was seen; once. */
  @Nullable SocketChannel take(PeerInfo local, PeerInfo remote) {
    Endpoints endpoints = new Endpoints(local.address(), remote.address());
    ChannelReference reference = channels.remove(endpoints);
    SocketChannel channel = reference == null ? null : reference.get();
    return channel == null || !channel.isOpen() ? null : channel;
  }

  @Override
  public void configureSocket(Socket socket) {
    options.configureSocket(socket);
  }

  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return options.socketOptions();
  }

  @Override
  public Duration connectTimeout() {
    return options.connectTimeout();
  }

  @Override
  public Duration readTimeout() {
    return options.readTimeout();
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return options.socketReceiveBufferSize();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return options.socketSendBufferSize();
  }

  @Override
  public boolean socketReuseAddress() {
    return options.socketReuseAddress();
  }

  @Override
  public boolean socketKeepAlive() {
    return options.socketKeepAlive();
  }

  @Override
  public boolean tcpNoDelay() {
    return options.tcpNoDelay();
  }

  private record Endpoints(SocketAddress local, SocketAddress remote) {}

  private static final class ChannelReference extends WeakReference<SocketChannel> {
    private final Endpoints endpoints;

    ChannelReference(
        Endpoints endpoints, SocketChannel channel, ReferenceQueue<SocketChannel> collected) {
      super(channel, collected);
      this.endpoints = endpoints;
    }
  }
}
