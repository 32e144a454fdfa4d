package dev.reactorhub.workload;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.ConsumerServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One stream of a consumer on a connection of its own; what comes waits until it is taken. */
final class ConsumeCall implements AutoCloseable {
  private final LinkedBlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
  private final ManagedChannel channel;
  private final StreamObserver<ConsumeRequest> requests;

  /** What comes. */
  sealed interface Frame {
    record Came(ConsumeResponse response) implements Frame {}

    /** The stream is over; the code of the hub's error is empty when the connection broke. */
    record Over(boolean isInOrder, String code) implements Frame {}
  }

  ConsumeCall(Endpoint endpoint) {
    channel = endpoint.grpc();
    requests = ConsumerServiceGrpc.newStub(channel).consume(new Coming(frames));
  }

  void send(ConsumeRequest.Builder request) {
    requests.onNext(request.build());
  }

  /** The next that came, if any did. */
  Optional<Frame> next(Duration max) {
    try {
      return Optional.ofNullable(frames.poll(max.toNanos(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(new Frame.Over(false, ""));
    }
  }

  /** Ends the stream in order. */
  void finish() {
    requests.onCompleted();
  }

  /** Breaks the connection off. */
  @Override
  public void close() {
    channel.shutdownNow();
  }

  private record Coming(LinkedBlockingQueue<Frame> frames)
      implements StreamObserver<ConsumeResponse> {
    @Override
    public void onNext(ConsumeResponse response) {
      frames.add(new Frame.Came(response));
    }

    @Override
    public void onError(Throwable error) {
      frames.add(new Frame.Over(false, code(error)));
    }

    @Override
    public void onCompleted() {
      frames.add(new Frame.Over(true, ""));
    }
  }

  private static String code(Throwable error) {
    com.google.rpc.@Nullable Status status = StatusProto.fromThrowable(error);
    if (status == null) {
      return "";
    }
    try {
      for (Any detail : status.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          return detail.unpack(ErrorInfo.class).getReason();
        }
      }
      return "";
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
