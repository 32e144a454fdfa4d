package dev.reactorhub.grpc;

import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.PublishStreamResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Writes down what a publishing stream is answered. */
final class Acknowledgements implements StreamObserver<PublishStreamResponse> {
  final List<String> ids = new CopyOnWriteArrayList<>();
  volatile @Nullable Throwable failure;
  volatile boolean isCompleted;

  StreamObserver<PublishStreamRequest> open(Channel channel) {
    return HubServiceGrpc.newStub(channel).publishStream(this);
  }

  static PublishStreamRequest request(String id, String type) {
    return PublishStreamRequest.newBuilder()
        .setEvent(NewEvent.newBuilder().setId(id).setType(type))
        .build();
  }

  @Override
  public void onNext(PublishStreamResponse acknowledged) {
    ids.add(acknowledged.getId() + (acknowledged.getDuplicate() ? " duplicate" : ""));
  }

  @Override
  public void onError(Throwable ended) {
    failure = ended;
  }

  @Override
  public void onCompleted() {
    isCompleted = true;
  }
}
