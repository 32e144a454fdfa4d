package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.PublishStreamRequest;
import dev.reactorhub.v1.ReadHistoryRequest;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The trace of a call that publishes is the trace of its events. */
final class CallTraceTest {
  private static final String CALL = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final String OWN = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-00";

  @Test
  void anEventWithoutATraceGetsThatOfItsCall() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      publish(f, CALL, NewEvent.newBuilder().setType("a"));
      publish(f, CALL, NewEvent.newBuilder().setType("a").setTraceparent(OWN));
      publish(f, "00-not-a-trace-01", NewEvent.newBuilder().setType("a"));
      f.publish("default", "a");

      assertThat(traces(f)).containsExactly(CALL, OWN, "", "");
    }
  }

  @Test
  void theEventsOfAStreamGetThatOfItsCall() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      Acknowledgements acknowledgements = new Acknowledgements();
      StreamObserver<PublishStreamRequest> requests = acknowledgements.open(traced(f, CALL));
      requests.onNext(Acknowledgements.request("s1", "a"));
      requests.onNext(Acknowledgements.request("s2", "a"));
      requests.onCompleted();
      await().until(() -> acknowledgements.isCompleted);

      assertThat(traces(f)).containsExactly(CALL, CALL);
    }
  }

  private static List<String> traces(GrpcFixture f) {
    return f
        .blocking()
        .readHistory(ReadHistoryRequest.getDefaultInstance())
        .getEventsList()
        .stream()
        .map(Event::getTraceparent)
        .toList();
  }

  private static void publish(GrpcFixture f, String traceparent, NewEvent.Builder event) {
    var _ =
        dev.reactorhub.v1.HubServiceGrpc.newBlockingStub(traced(f, traceparent))
            .publish(PublishRequest.newBuilder().setEvent(event).build());
  }

  private static Channel traced(GrpcFixture f, String traceparent) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), traceparent);
    return ClientInterceptors.intercept(
        f.channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }
}
