package dev.reactorhub.grpc;

import com.google.protobuf.Duration;
import dev.reactorhub.event.EventFilter;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Next;
import dev.reactorhub.hub.Sessions;
import dev.reactorhub.hub.Start;
import dev.reactorhub.log.LogRange;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.v1.GetStatusRequest;
import dev.reactorhub.v1.GetStatusResponse;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.PublishResponse;
import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.PublishStreamResponse;
import dev.reactorhub.v1.ReadHistoryRequest;
import dev.reactorhub.v1.ReadHistoryResponse;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.wire.ControlMessages;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.EventDraft;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Filters;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import dev.reactorhub.wire.ProtoEvents;
import dev.reactorhub.wire.PublishFigures;
import dev.reactorhub.wire.Publishing;
import dev.reactorhub.wire.WireLimits;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The calls of {@code reactorhub.v1.HubService}. Each on a virtual thread of its own, but
 * Subscribe, which must not wait: it is on its connection's thread.
 */
final class HubCalls {
  private static final int PAGE_EVENTS_DEFAULT = 100;
  private static final long PAGE_BYTES_MAX = 3L << 20;

  private final GrpcFace.Parts parts;
  private final HeldStreams streams;
  private final Publishing publishing;
  private final WireLimits limits;
  private final long startedAtNanos = System.nanoTime();

  HubCalls(GrpcFace.Parts parts, HeldStreams streams) {
    this.parts = parts;
    this.streams = streams;
    this.publishing = parts.publishing().by(PublishFigures.Face.GRPC);
    this.limits = streams.settings().limits();
  }

  void publish(PublishRequest request, StreamObserver<PublishResponse> out) {
    var _ =
        publishInTrace(publishing, request.getEvent(), CallTrace.current())
            .whenComplete(
                (acknowledged, failure) -> {
                  if (acknowledged == null) {
                    out.onError(GrpcErrors.exception(Failures.problem(failure)));
                  } else {
                    out.onNext(response(acknowledged.getFirst()));
                    out.onCompleted();
                  }
                });
  }

  StreamObserver<Received<PublishStreamRequest>> publishStream(
      StreamObserver<PublishStreamResponse> out) {
    return PublishingStream.open(publishing, (ServerCallStreamObserver<PublishStreamResponse>) out);
  }

  /**
   * Publishes one event, within the trace of its call unless it names one.
   *
   * @throws ProblemException when it breaks a rule; it names the field of the request
   */
  static CompletableFuture<List<Publishing.Acknowledgement>> publishInTrace(
      Publishing publishing, NewEvent event, @Nullable String traceparent) {
    try {
      EventDraft draft = publishing.reading(() -> ProtoEvents.draft(event).inTrace(traceparent));
      return publishing.publish(List.of(draft));
    } catch (ProblemException e) {
      throw new ProblemException(inRequest(e.problem()));
    }
  }

  /** The field as the message names it. */
  private static Problem inRequest(Problem problem) {
    return switch (problem.field().orElse("")) {
      case "" -> problem;
      case "data" ->
          new Problem(
              problem.code(), problem.message(), problem.limit(), Optional.of("event.data_json"));
      default -> problem.at("event");
    };
  }

  void subscribe(SubscribeRequest request, StreamObserver<PreparedResponse> out) {
    EventFilter filter = filter(request.getFilter());
    Start start = ProblemException.at("start", () -> start(request.getStart()));
    switch (parts.sessions().open(Sessions.Face.GRPC, PeerAddress.current())) {
      case Sessions.Opened.Admitted admitted ->
          new SubscribeStream(
                  streams, (ServerCallStreamObserver<PreparedResponse>) out, admitted.ticket())
              .open(parts.hub(), filter, start);
      case Sessions.Opened.Refused refused ->
          throw new ProblemException(
              Problem.tooManySessions(refused.limit(), refused.perAddress()));
    }
  }

  void readHistory(ReadHistoryRequest request, StreamObserver<ReadHistoryResponse> out) {
    Position after =
        request.getAfter().isEmpty()
            ? null
            : ProblemException.at("after", () -> Filters.position(request.getAfter()));
    ReadLimit limit = new ReadLimit(pageSize(request.getPageSize()), PAGE_BYTES_MAX);
    switch (parts.hub().history(after, filter(request.getFilter()), limit)) {
      case Hub.HistoryResult.Page page -> {
        ReadHistoryResponse.Builder response =
            ReadHistoryResponse.newBuilder()
                .setNext(page.next().toString())
                .setHead(page.head().toString());
        page.events()
            .forEach(e -> response.addEvents(ProtoEvents.event(page.head().epoch(), e.record())));
        Next.Gap gap = page.gap();
        if (gap != null) {
          response.setGap(ProtoEvents.gap(gap));
        }
        out.onNext(response.build());
        out.onCompleted();
      }
      case Hub.HistoryResult.InFuture future ->
          throw new ProblemException(Filters.inFuture(future.head()).problem().at("after"));
      case Hub.HistoryResult.Gone gone ->
          out.onError(
              GrpcErrors.exception(
                  ControlMessages.gone(gone).at("after"),
                  Map.of("earliest", gone.earliest().toString(), "head", gone.head().toString())));
    }
  }

  void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> out) {
    LogRange range = parts.hub().range();
    long uptimeNanos = System.nanoTime() - startedAtNanos;
    out.onNext(
        GetStatusResponse.newBuilder()
            .setEpoch(range.epoch().value())
            .setHead(range.headPosition().toString())
            .setEarliest(range.earliestPosition().toString())
            .setSessions(parts.sessions().count())
            .setEventsPublished(parts.hub().stats().eventsEmitted())
            .setUptime(Duration.newBuilder().setSeconds(uptimeNanos / 1_000_000_000L))
            .setVersion(parts.version())
            .build());
    out.onCompleted();
  }

  private EventFilter filter(dev.reactorhub.v1.Filter filter) {
    return ProblemException.at(
        "filter", () -> Filters.of(filter.getChannelsList(), filter.getTypesList(), limits));
  }

  /** Where to begin. A problem names the field within the message. */
  static Start start(dev.reactorhub.v1.Start start) {
    return switch (start.getAtCase()) {
      case LATEST, AT_NOT_SET -> new Start.Latest();
      case EARLIEST -> new Start.Earliest();
      case AFTER ->
          new Start.After(ProblemException.at("after", () -> Filters.position(start.getAfter())));
      case SINCE ->
          new Start.Since(
              ProblemException.at("since", () -> ProtoEvents.instant(start.getSince())));
    };
  }

  private int pageSize(int asked) {
    if (asked < 0 || asked > limits.historyEventsMax()) {
      throw new ProblemException(
          Problem.of(
                  ErrorCode.INVALID_LIMIT,
                  "page_size must be 1 to " + limits.historyEventsMax() + ", or 0 for the default",
                  limits.historyEventsMax())
              .at("page_size"));
    }
    return asked == 0 ? Math.min(PAGE_EVENTS_DEFAULT, limits.historyEventsMax()) : asked;
  }

  private static PublishResponse response(Publishing.Acknowledgement acknowledged) {
    return PublishResponse.newBuilder()
        .setId(acknowledged.id())
        .setSeq(acknowledged.position().seq())
        .setPosition(acknowledged.position().toString())
        .setDuplicate(acknowledged.duplicate())
        .build();
  }
}
