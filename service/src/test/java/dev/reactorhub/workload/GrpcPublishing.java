package dev.reactorhub.workload;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import dev.reactorhub.history.Content;
import dev.reactorhub.history.Outcome;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.PublishResponse;
import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.PublishStreamResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Publishes over gRPC. */
final class GrpcPublishing {
  private static final long ANSWER_SECONDS_MAX = 60;

  private GrpcPublishing() {}

  /** A call for each event. */
  record Unary(ManagedChannel channel) implements PublishingFace.Connection {
    @Override
    public List<Outcome> publish(List<Content> contents) {
      List<Outcome> outcomes = new ArrayList<>();
      for (Content content : contents) {
        outcomes.add(publish(content));
      }
      return outcomes;
    }

    private Outcome publish(Content content) {
      try {
        PublishResponse response =
            HubServiceGrpc.newBlockingStub(channel)
                .publish(PublishRequest.newBuilder().setEvent(Wire.proto(content)).build());
        return new Outcome.Acknowledged(
            Wire.position(response.getPosition()), response.getDuplicate());
      } catch (StatusRuntimeException e) {
        return outcome(e);
      }
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }

  /** One call for all: requests without waiting, then their answers. */
  static final class Streaming implements PublishingFace.Connection {
    private final ManagedChannel channel;
    private final LinkedBlockingQueue<Outcome> answers = new LinkedBlockingQueue<>();
    private final StreamObserver<PublishStreamRequest> requests;

    Streaming(ManagedChannel channel) {
      this.channel = channel;
      this.requests = HubServiceGrpc.newStub(channel).publishStream(new Answers(answers));
    }

    @Override
    public List<Outcome> publish(List<Content> contents) {
      for (Content content : contents) {
        requests.onNext(PublishStreamRequest.newBuilder().setEvent(Wire.proto(content)).build());
      }
      List<Outcome> outcomes = new ArrayList<>();
      while (outcomes.size() < contents.size()) {
        Outcome outcome = next();
        outcomes.add(outcome);
        if (!(outcome instanceof Outcome.Acknowledged)) {
          // The stream ended with this answer: nobody says what became of the rest.
          while (outcomes.size() < contents.size()) {
            outcomes.add(new Outcome.Unknown(Outcome.BROKEN));
          }
        }
      }
      return outcomes;
    }

    private Outcome next() {
      try {
        Outcome outcome = answers.poll(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        if (outcome == null) {
          throw new AssertionError("no answer for " + ANSWER_SECONDS_MAX + " s");
        }
        return outcome;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Outcome.Unknown(Outcome.BROKEN);
      }
    }

    @Override
    public void close() {
      channel.shutdownNow();
    }
  }

  private record Answers(LinkedBlockingQueue<Outcome> answers)
      implements StreamObserver<PublishStreamResponse> {
    @Override
    public void onNext(PublishStreamResponse response) {
      answers.add(
          new Outcome.Acknowledged(Wire.position(response.getPosition()), response.getDuplicate()));
    }

    @Override
    public void onError(Throwable error) {
      answers.add(outcome(error));
    }

    @Override
    public void onCompleted() {
      answers.add(new Outcome.Unknown(Outcome.BROKEN));
    }
  }

  private static Outcome outcome(Throwable error) {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    if (status == null || status.getDetailsCount() == 0) {
      return new Outcome.Unknown(Outcome.BROKEN);
    }
    try {
      return PublishingFace.outcome(status.getDetails(0).unpack(ErrorInfo.class).getReason());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
