package dev.reactorhub.grpc;

import dev.reactorhub.consumer.ConsumerInfo;
import dev.reactorhub.consumer.Consumers;
import dev.reactorhub.event.ConsumerName;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.DeleteConsumerRequest;
import dev.reactorhub.v1.DeleteConsumerResponse;
import dev.reactorhub.v1.GetConsumerRequest;
import dev.reactorhub.v1.GetConsumerResponse;
import dev.reactorhub.v1.ListConsumersRequest;
import dev.reactorhub.v1.ListConsumersResponse;
import dev.reactorhub.v1.ResetConsumerRequest;
import dev.reactorhub.v1.ResetConsumerResponse;
import dev.reactorhub.v1.Start;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;

/**
 * The calls of {@code reactorhub.v1.ConsumerService}. Each on a virtual thread of its own, but
 * Consume, which must not wait: it is on its connection's thread.
 */
final class ConsumerCalls {
  private static final int PAGE_DEFAULT = 100;
  private static final int PAGE_MAX = 1_000;

  private final Consumers consumers;
  private final Sessions sessions;
  private final ConsumeStream.Parts streamParts;

  ConsumerCalls(GrpcFace.Parts parts, HeldStreams streams) {
    this.consumers = parts.consumers();
    this.sessions = parts.sessions();
    this.streamParts =
        new ConsumeStream.Parts(
            consumers,
            new ConsumeRequests(streams.settings().limits(), consumers.settings()),
            streams);
  }

  StreamObserver<Received<ConsumeRequest>> consume(StreamObserver<PreparedResponse> response) {
    var out = (ServerCallStreamObserver<PreparedResponse>) response;
    String address = PeerAddress.current();
    return switch (sessions.open(Sessions.Face.GRPC, address)) {
      case Sessions.Opened.Admitted admitted -> {
        ConsumeStream stream = new ConsumeStream(streamParts, out, address, admitted.ticket());
        stream.begin();
        yield stream;
      }
      case Sessions.Opened.Refused refused ->
          refused(out, Problem.tooManySessions(refused.limit(), refused.perAddress()));
    };
  }

  void list(ListConsumersRequest request, StreamObserver<ListConsumersResponse> out) {
    int asked = request.getPageSize();
    if (asked < 0 || asked > PAGE_MAX) {
      throw new ProblemException(
          Problem.of(
                  ErrorCode.INVALID_LIMIT,
                  "page_size must be 1 to " + PAGE_MAX + ", or 0 for the default",
                  PAGE_MAX)
              .at("page_size"));
    }
    int size = asked == 0 ? PAGE_DEFAULT : asked;
    Optional<ConsumerName> after =
        request.getAfter().isEmpty()
            ? Optional.empty()
            : Optional.of(ConsumeRequests.name("after", request.getAfter()));
    List<ConsumerInfo> found = consumers.list(after, size + 1);
    List<ConsumerInfo> page = found.subList(0, Math.min(size, found.size()));
    ListConsumersResponse.Builder response = ListConsumersResponse.newBuilder();
    page.forEach(info -> response.addConsumers(ConsumerMessages.consumer(info)));
    if (found.size() > size) {
      response.setNext(page.getLast().name().value());
    }
    answer(out, response.build());
  }

  void get(GetConsumerRequest request, StreamObserver<GetConsumerResponse> out) {
    ConsumerName name = ConsumeRequests.name("consumer", request.getConsumer());
    ConsumerInfo info =
        consumers.info(name).orElseThrow(() -> ConsumerMessages.notFound(name.value()));
    answer(
        out, GetConsumerResponse.newBuilder().setConsumer(ConsumerMessages.consumer(info)).build());
  }

  void reset(ResetConsumerRequest request, StreamObserver<ResetConsumerResponse> out) {
    ConsumerName name = ConsumeRequests.name("consumer", request.getConsumer());
    if (request.getTo().getAtCase() == Start.AtCase.AT_NOT_SET) {
      throw new ProblemException(
          Problem.of(
                  ErrorCode.INVALID_REQUEST, "to must say where: latest, earliest, after or since")
              .at("to"));
    }
    var to = ProblemException.at("to", () -> HubCalls.start(request.getTo()));
    switch (consumers.reset(name, to)) {
      case Consumers.Result.Moved moved ->
          answer(
              out,
              ResetConsumerResponse.newBuilder()
                  .setConsumer(ConsumerMessages.consumer(moved.info()))
                  .build());
      case Consumers.Result other -> throw ConsumerMessages.problem(other, name.value());
    }
  }

  void delete(DeleteConsumerRequest request, StreamObserver<DeleteConsumerResponse> out) {
    ConsumerName name = ConsumeRequests.name("consumer", request.getConsumer());
    switch (consumers.delete(name)) {
      case Consumers.Result.Deleted deleted ->
          answer(out, DeleteConsumerResponse.getDefaultInstance());
      case Consumers.Result other -> throw ConsumerMessages.problem(other, name.value());
    }
  }

  private static <T> void answer(StreamObserver<T> out, T response) {
    out.onNext(response);
    out.onCompleted();
  }

  private static StreamObserver<Received<ConsumeRequest>> refused(
      StreamObserver<PreparedResponse> out, Problem problem) {
    out.onError(GrpcErrors.exception(problem));
    return new StreamObserver<>() {
      @Override
      public void onNext(Received<ConsumeRequest> unheard) {}

      @Override
      public void onError(Throwable gone) {}

      @Override
      public void onCompleted() {}
    };
  }
}
