package dev.reactorhub.client.testing.internal;

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
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A hub that answers what the test tells it to, call by call. Any thread. */
public final class ManualHub implements AutoCloseable {
  private final BlockingQueue<Call<PublishRequest, PublishResponse>> publishes =
      new LinkedBlockingQueue<>();
  private final BlockingQueue<Call<SubscribeRequest, SubscribeResponse>> subscribes =
      new LinkedBlockingQueue<>();
  private final BlockingQueue<Call<ReadHistoryRequest, ReadHistoryResponse>> histories =
      new LinkedBlockingQueue<>();
  private final BlockingQueue<Call<GetStatusRequest, GetStatusResponse>> statuses =
      new LinkedBlockingQueue<>();
  private final HubServer server;

  /** Starts on a free port. */
  public ManualHub() {
    this(0);
  }

  /** Starts on a port. */
  public ManualHub(int wantedPort) {
    server = new HubServer(wantedPort, List.of(new Service()), null, null);
  }

  /** Where it listens. */
  public int port() {
    return server.port();
  }

  public Call<PublishRequest, PublishResponse> nextPublish() {
    return next(publishes);
  }

  public Call<SubscribeRequest, SubscribeResponse> nextSubscribe() {
    return next(subscribes);
  }

  public Call<ReadHistoryRequest, ReadHistoryResponse> nextHistory() {
    return next(histories);
  }

  public Call<GetStatusRequest, GetStatusResponse> nextStatus() {
    return next(statuses);
  }

  public boolean hasPublish() {
    return !publishes.isEmpty();
  }

  public boolean hasSubscribe() {
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
    server.close();
  }

  /** A call that a client has made: its request, and the way to answer. */
  public record Call<Q, A>(Q request, ServerCallStreamObserver<A> answers) {
    public void answer(A answer) {
      answers.onNext(answer);
      answers.onCompleted();
    }

    public void send(A answer) {
      answers.onNext(answer);
    }

    public void fail(Throwable failure) {
      answers.onError(failure);
    }

    public boolean isCancelled() {
      return answers.isCancelled();
    }
  }

  public static SubscribeResponse caughtUp(String position) {
    return SubscribeResponse.newBuilder()
        .setCaughtUp(CaughtUp.newBuilder().setPosition(position))
        .build();
  }

  public static SubscribeResponse batch(dev.reactorhub.v1.Event... events) {
    EventBatch.Builder batch = EventBatch.newBuilder();
    for (dev.reactorhub.v1.Event event : events) {
      batch.addEvents(event);
    }
    return SubscribeResponse.newBuilder().setBatch(batch).build();
  }

  public static dev.reactorhub.v1.Event event(long seq, String type) {
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
