package dev.reactorhub.grpc;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ThreadFactory;

/**
 * How the gRPC face listens and moves bytes: by netty's own epoll on Linux, elsewhere by the JDK's
 * selector. The latter holds a lock while it wakes the thread that needs it first, which then waits
 * for it: two more switches of threads for each message that another thread sends.
 */
final class Transport {
  private static final boolean IS_NATIVE = Epoll.isAvailable();

  private Transport() {}

  /**
   * Threads that move bytes.
   *
   * @param threads 0: as many as netty finds right for the processors
   */
  static EventLoopGroup loops(int threads, String name) {
    ThreadFactory factory = new DefaultThreadFactory(name, true);
    return IS_NATIVE
        ? new EpollEventLoopGroup(threads, factory)
        : new NioEventLoopGroup(threads, factory);
  }

  /** A channel that listens, served by {@link #loops}. */
  static ServerChannel listening() {
    return IS_NATIVE ? new EpollServerSocketChannel() : new NioServerSocketChannel();
  }
}
