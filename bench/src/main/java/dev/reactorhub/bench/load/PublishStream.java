package dev.reactorhub.bench.load;

import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.PublishStreamResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One stream of publishes with so many unacknowledged at most. One publishing thread. */
final class PublishStream implements AutoCloseable {
  private final ManagedChannel channel =
      NettyChannelBuilder.forAddress("127.0.0.1", HubServer.GRPC_PORT)
          .usePlaintext()
          .directExecutor()
          .build();
  private final AtomicLong acknowledged = new AtomicLong();
  private final Semaphore window;
  private final int windowSize;
  private final StreamObserver<PublishStreamRequest> requests;
  private volatile @Nullable Throwable failure;

  PublishStream(int window) {
    this.window = new Semaphore(window);
    this.windowSize = window;
    this.requests =
        HubServiceGrpc.newStub(channel)
            .publishStream(
                new StreamObserver<>() {
                  @Override
                  public void onNext(PublishStreamResponse response) {
                    acknowledged.incrementAndGet();
                    PublishStream.this.window.release();
                  }

                  @Override
                  public void onError(Throwable error) {
                    failure = error;
                    PublishStream.this.window.release(windowSize);
                  }

                  @Override
                  public void onCompleted() {
                    // The end of the run.
                  }
                });
  }

  /** Publishes one event, once there is room in the window. */
  void publish(String type, String eventChannel, String padding) throws InterruptedException {
    window.acquire();
    if (failure != null) {
      throw new CannotRunException("publishing failed: " + failure);
    }
    requests.onNext(
        PublishStreamRequest.newBuilder()
            .setEvent(
                NewEvent.newBuilder()
                    .setType(type)
                    .setChannel(eventChannel)
                    .setDataJson("{\"p\":\"" + padding + "\"}"))
            .build());
  }

  long acknowledged() {
    return acknowledged.get();
  }

  /** Waits until all is acknowledged. */
  void flush() throws InterruptedException {
    window.acquire(windowSize);
    window.release(windowSize);
  }

  @Override
  public void close() {
    requests.onCompleted();
    channel.shutdown();
  }
}
