package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;

import dev.reactorhub.v1.CaughtUp;
import dev.reactorhub.v1.EventBatch;
import dev.reactorhub.v1.GetStatusRequest;
import dev.reactorhub.v1.GetStatusResponse;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.PublishResponse;
import dev.reactorhub.v1.ReadHistoryRequest;
import dev.reactorhub.v1.ReadHistoryResponse;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A hub on a port of its own that answers what the test tells it to, call by call. */
final class FakeHub implements AutoCloseable {
  private final BlockingQueue<Call<PublishRequest, PublishResponse>> publishes =
      new LinkedBlockingQueue<>();
  private final BlockingQueue<Call<SubscribeRequest, SubscribeResponse>> subscribes =
      new LinkedBlockingQueue<>();
  private final BlockingQueue<Call<ReadHistoryRequest, ReadHistoryResponse>> histories =
      new LinkedBlockingQueue<>();
  private final BlockingQueue<Call<GetStatusRequest, GetStatusResponse>> statuses =
      new LinkedBlockingQueue<>();
  private final Server server;
  private final int port;

  FakeHub() {
    this(0);
  }

  FakeHub(int wantedPort) {
    server =
        Grpc.newServerBuilderForPort(wantedPort, InsecureServerCredentials.create())
            .addService(new Service())
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.port = server.getPort();
  }

  int port() {
    return port;
  }

  ReactorClientBuilder client() {
    return ReactorClient.builder("127.0.0.1:" + port());
  }

  Call<PublishRequest, PublishResponse> nextPublish() {
    return next(publishes);
  }

  Call<SubscribeRequest, SubscribeResponse> nextSubscribe() {
    return next(subscribes);
  }

  Call<ReadHistoryRequest, ReadHistoryResponse> nextHistory() {
    return next(histories);
  }

  Call<GetStatusRequest, GetStatusResponse> nextStatus() {
    return next(statuses);
  }

  boolean hasPublish() {
    return !publishes.isEmpty();
  }

  boolean hasSubscribe() {
    return !subscribes.isEmpty();
  }

  private static <T> T next(BlockingQueue<T> calls) {
    try {
      return requireNonNull(calls.poll(10, SECONDS), "no call came");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  /** A call that a client has made: its request, and the way to answer. */
  record Call<Q, A>(Q request, ServerCallStreamObserver<A> answers) {
    void answer(A answer) {
      answers.onNext(answer);
      answers.onCompleted();
    }

    void send(A answer) {
      answers.onNext(answer);
    }

    void fail(Throwable failure) {
      answers.onError(failure);
    }

    boolean isCancelled() {
      return answers.isCancelled();
    }
  }

  static SubscribeResponse caughtUp(String position) {
    return SubscribeResponse.newBuilder()
        .setCaughtUp(CaughtUp.newBuilder().setPosition(position))
        .build();
  }

  static SubscribeResponse batch(dev.reactorhub.v1.Event... events) {
    EventBatch.Builder batch = EventBatch.newBuilder();
    for (dev.reactorhub.v1.Event event : events) {
      batch.addEvents(event);
    }
    return SubscribeResponse.newBuilder().setBatch(batch).build();
  }

  static dev.reactorhub.v1.Event event(long seq, String type) {
    return dev.reactorhub.v1.Event.newBuilder()
        .setId("id-" + seq)
        .setType(type)
        .setChannel("default")
        .setSource("system")
        .setTimestamp(com.google.protobuf.Timestamp.newBuilder().setSeconds(1_767_225_600))
        .setDataJson("{\"n\":" + seq + "}")
        .setSeq(seq)
        .setPosition("e1." + seq)
        .build();
  }

  private final class Service extends HubServiceGrpc.HubServiceImplBase {
    @Override
    public void publish(PublishRequest request, StreamObserver<PublishResponse> answers) {
      publishes.add(new Call<>(request, serverCall(answers)));
    }

    @Override
    public void subscribe(SubscribeRequest request, StreamObserver<SubscribeResponse> answers) {
      subscribes.add(new Call<>(request, serverCall(answers)));
    }

    @Override
    public void readHistory(
        ReadHistoryRequest request, StreamObserver<ReadHistoryResponse> answers) {
      histories.add(new Call<>(request, serverCall(answers)));
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> answers) {
      statuses.add(new Call<>(request, serverCall(answers)));
    }

    private <A> ServerCallStreamObserver<A> serverCall(StreamObserver<A> answers) {
      ServerCallStreamObserver<A> call = (ServerCallStreamObserver<A>) answers;
      // With a handler, sending to a client that has gone is no error.
      call.setOnCancelHandler(() -> {});
      return call;
    }
  }
}
