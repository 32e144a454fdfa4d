package dev.reactorhub.client.testing.internal;

import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.ConsumerServiceGrpc;
import dev.reactorhub.v1.DeleteConsumerRequest;
import dev.reactorhub.v1.DeleteConsumerResponse;
import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.GetConsumerRequest;
import dev.reactorhub.v1.GetConsumerResponse;
import dev.reactorhub.v1.GetStatusRequest;
import dev.reactorhub.v1.GetStatusResponse;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.ListConsumersRequest;
import dev.reactorhub.v1.ListConsumersResponse;
import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.PublishResponse;
import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.PublishStreamResponse;
import dev.reactorhub.v1.ReadHistoryRequest;
import dev.reactorhub.v1.ReadHistoryResponse;
import dev.reactorhub.v1.ResetConsumerRequest;
import dev.reactorhub.v1.ResetConsumerResponse;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.BindableService;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.function.Supplier;

/** The gRPC services of the fake hub, over its state. */
final class FakeServices {
  private static final int PAGE_SIZE = 100;

  private final FakeHubState state;

  FakeServices(FakeHubState state) {
    this.state = state;
  }

  List<BindableService> all() {
    return List.of(new Hub(), new Consumers());
  }

  /** Answers a call with one message, made under the lock. */
  private <A> void answer(StreamObserver<A> out, Supplier<A> answer) {
    state.locked(
        () -> {
          try {
            A message = answer.get();
            out.onNext(message);
            out.onCompleted();
          } catch (StatusRuntimeException e) {
            out.onError(e);
          }
        });
  }

  private static <A> ServerCallStreamObserver<A> tolerant(StreamObserver<A> out) {
    ServerCallStreamObserver<A> call = (ServerCallStreamObserver<A>) out;
    // With a handler, sending to a client that has gone is no error.
    call.setOnCancelHandler(() -> {});
    return call;
  }

  private final class Hub extends HubServiceGrpc.HubServiceImplBase {
    @Override
    public void publish(PublishRequest request, StreamObserver<PublishResponse> out) {
      answer(
          tolerant(out),
          () -> {
            HubLog.Stored stored = state.publish(request.getEvent(), true);
            return PublishResponse.newBuilder()
                .setId(stored.event().getId())
                .setSeq(stored.event().getSeq())
                .setPosition(stored.event().getPosition())
                .setDuplicate(stored.isDuplicate())
                .build();
          });
    }

    @Override
    public StreamObserver<PublishStreamRequest> publishStream(
        StreamObserver<PublishStreamResponse> out) {
      return new Publishing(tolerant(out));
    }

    @Override
    public void subscribe(SubscribeRequest request, StreamObserver<SubscribeResponse> out) {
      ServerCallStreamObserver<SubscribeResponse> call =
          (ServerCallStreamObserver<SubscribeResponse>) out;
      try {
        // Handlers must be set before this method returns.
        state.locked(() -> state.subscribe(request, call));
      } catch (StatusRuntimeException e) {
        call.onError(e);
      }
    }

    @Override
    public void readHistory(ReadHistoryRequest request, StreamObserver<ReadHistoryResponse> out) {
      answer(tolerant(out), () -> page(request));
    }

    @Override
    public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> out) {
      answer(
          tolerant(out),
          () ->
              GetStatusResponse.newBuilder()
                  .setEpoch(state.log().epoch())
                  .setHead(state.log().position(state.log().head()))
                  .setEarliest(state.log().position(state.log().earliest()))
                  .setSessions(state.subscriptions())
                  .setEventsPublished(state.log().head())
                  .setVersion("fake")
                  .build());
    }
  }

  private ReadHistoryResponse page(ReadHistoryRequest request) {
    HubLog log = state.log();
    long seq = log.earliest();
    if (!request.getAfter().isEmpty()) {
      HubLog.Place place = log.after(request.getAfter());
      if (place.gap() != null) {
        throw HubErrors.of(dev.reactorhub.client.testing.Refusal.of(place.gap().getReason()));
      }
      seq = place.seq();
    }
    int size = request.getPageSize() == 0 ? PAGE_SIZE : request.getPageSize();
    ReadHistoryResponse.Builder page = ReadHistoryResponse.newBuilder();
    while (seq < log.head() && page.getEventsCount() < size) {
      seq++;
      Event event = log.at(seq);
      if (HubLog.matches(request.getFilter(), event)) {
        page.addEvents(event);
      }
    }
    return page.setNext(log.position(seq)).setHead(log.position(log.head())).build();
  }

  /** A stream of events to store. */
  private final class Publishing implements StreamObserver<PublishStreamRequest> {
    private final ServerCallStreamObserver<PublishStreamResponse> out;

    Publishing(ServerCallStreamObserver<PublishStreamResponse> out) {
      this.out = out;
    }

    @Override
    public void onNext(PublishStreamRequest request) {
      state.locked(
          () -> {
            HubLog.Stored stored = state.publish(request.getEvent(), true);
            out.onNext(
                PublishStreamResponse.newBuilder()
                    .setId(stored.event().getId())
                    .setSeq(stored.event().getSeq())
                    .setPosition(stored.event().getPosition())
                    .setDuplicate(stored.isDuplicate())
                    .build());
          });
    }

    @Override
    public void onError(Throwable failure) {
      // The client is gone; what it sent is stored.
    }

    @Override
    public void onCompleted() {
      out.onCompleted();
    }
  }

  private final class Consumers extends ConsumerServiceGrpc.ConsumerServiceImplBase {
    @Override
    public StreamObserver<ConsumeRequest> consume(StreamObserver<ConsumeResponse> out) {
      return new ConsumeStream(state, (ServerCallStreamObserver<ConsumeResponse>) out);
    }

    @Override
    public void listConsumers(
        ListConsumersRequest request, StreamObserver<ListConsumersResponse> out) {
      answer(
          tolerant(out),
          () ->
              ListConsumersResponse.newBuilder().addAllConsumers(state.consumerStatuses()).build());
    }

    @Override
    public void getConsumer(GetConsumerRequest request, StreamObserver<GetConsumerResponse> out) {
      answer(
          tolerant(out),
          () ->
              GetConsumerResponse.newBuilder()
                  .setConsumer(state.requireConsumer(request.getConsumer()).status())
                  .build());
    }

    @Override
    public void resetConsumer(
        ResetConsumerRequest request, StreamObserver<ResetConsumerResponse> out) {
      answer(
          tolerant(out),
          () ->
              ResetConsumerResponse.newBuilder()
                  .setConsumer(state.reset(request.getConsumer(), request.getTo()))
                  .build());
    }

    @Override
    public void deleteConsumer(
        DeleteConsumerRequest request, StreamObserver<DeleteConsumerResponse> out) {
      answer(
          tolerant(out),
          () -> {
            state.delete(request.getConsumer());
            return DeleteConsumerResponse.getDefaultInstance();
          });
    }
  }
}
