package dev.reactorhub.workload;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;

/** Where a hub listens. */
public record Endpoint(int port, int grpcPort) {
  /** What answers to HTTP there. */
  public URI http(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** The stream for WebSockets. */
  public URI webSocket(String query) {
    return URI.create("ws://127.0.0.1:" + port + "/ws/stream" + query);
  }

  ManagedChannel grpc() {
    return NettyChannelBuilder.forAddress("127.0.0.1", grpcPort).usePlaintext().build();
  }
}
