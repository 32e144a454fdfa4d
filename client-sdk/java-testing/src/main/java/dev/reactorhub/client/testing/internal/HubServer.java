package dev.reactorhub.client.testing.internal;

import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC server that can be stopped and started again on its port. Its methods are for one thread
 * at a time.
 */
public final class HubServer implements AutoCloseable {
  private static final int STOP_SECONDS = 10;

  /**
   * Free ports are looked for here, below those from which systems hand out their own: one of those
   * could be taken by an outgoing connection while the hub is stopped, even by a client's own that
   * looks for the hub.
   */
  private static final int PORT_MIN = 20_000;

  private static final int PORTS = 10_000;
  private static final int PORT_ATTEMPTS = 100;

  /** With the pause in between, for 5 s. */
  private static final int RESTART_ATTEMPTS = 500;

  private static final long RESTART_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private final List<BindableService> services;
  private final ServerCredentials credentials;
  private final @Nullable ServerInterceptor interceptor;
  private final int port;
  private @Nullable Server server;

  /** Starts a server; port 0 takes a free one. */
  public HubServer(
      int wantedPort,
      List<BindableService> services,
      @Nullable ServerCredentials credentials,
      @Nullable ServerInterceptor interceptor) {
    this.services = services;
    this.credentials = credentials == null ? InsecureServerCredentials.create() : credentials;
    this.interceptor = interceptor;
    Server started = wantedPort == 0 ? startOnFreePort() : start(wantedPort);
    this.server = started;
    this.port = started.getPort();
  }

  private Server startOnFreePort() {
    for (int attempt = 1; ; attempt++) {
      try {
        return start(PORT_MIN + ThreadLocalRandom.current().nextInt(PORTS));
      } catch (UncheckedIOException e) {
        if (attempt == PORT_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private Server start(int wantedPort) {
    ServerBuilder<?> builder =
        NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), wantedPort), credentials);
    services.forEach(builder::addService);
    if (interceptor != null) {
      builder.intercept(interceptor);
    }
    try {
      return builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens. */
  public int port() {
    return port;
  }

  /** Breaks all connections and takes no more, until {@link #restart}. */
  public void stop() {
    Server running = server;
    server = null;
    if (running == null) {
      return;
    }
    running.shutdownNow();
    try {
      if (!running.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the fake hub did not stop within " + STOP_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the fake hub stopped", e);
    }
  }

  /** Listens again, if it does not. */
  public void restart() {
    if (server == null) {
      server = startAgain();
    }
  }

  /**
   * The old socket may be there a moment longer: its selector lets go of it when it next selects.
   */
  private Server startAgain() {
    for (int attempt = 1; ; attempt++) {
      try {
        return start(port);
      } catch (UncheckedIOException e) {
        if (attempt == RESTART_ATTEMPTS) {
          throw e;
        }
        LockSupport.parkNanos(RESTART_PAUSE_NANOS);
      }
    }
  }

  @Override
  public void close() {
    stop();
  }
}
