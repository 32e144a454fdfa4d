package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.EventFilter;
import dev.reactorhub.hub.BatchForm;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.v1.SubscribeResponse;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class SharedResponsesTest {
  private final SharedResponses responses = new SharedResponses();

  @Test
  void whoIsGivenTheSameListIsSentTheSameMessage() throws IOException {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      List<EncodedEvent> events = published(f, 3);
      PreparedResponse first = responses.of(events);

      assertThat(responses.of(events)).isSameAs(first);
      assertThat(SubscribeResponse.parseFrom(bytes(first)).getBatch().getEventsList())
          .extracting(event -> event.getSeq())
          .containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void anotherListIsAnotherMessage() throws IOException {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      List<EncodedEvent> events = published(f, 3);
      for (int i = 0; i < 100; i++) {
        List<EncodedEvent> some = List.copyOf(events.subList(i % 3, 3));
        assertThat(
                SubscribeResponse.parseFrom(bytes(responses.of(some))).getBatch().getEventsCount())
            .isEqualTo(some.size());
      }
    }
  }

  @Test
  void whatWasEncodedTogetherAndWhatWasNotLeaveInOrder() throws IOException {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      List<EncodedEvent> events = published(f, 6);
      EncodedEvent.encodeTogether(
          List.of(events.get(0), events.get(1)), Function.identity(), BatchForm.EVENT);
      EncodedEvent.encodeTogether(
          List.of(events.get(4), events.get(2)), Function.identity(), BatchForm.EVENT);
      byte[] sent = bytes(responses.of(events));

      assertThat(SubscribeResponse.parseFrom(sent).getBatch().getEventsList())
          .extracting(event -> event.getSeq())
          .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    }
  }

  private static List<EncodedEvent> published(GrpcFixture f, int count) {
    for (int i = 0; i < count; i++) {
      f.publish("default", "a");
    }
    Hub.HistoryResult page = f.hub.history(null, EventFilter.ALL, new ReadLimit(10, 1 << 20));
    return ((Hub.HistoryResult.Page) page).events();
  }

  private static byte[] bytes(PreparedResponse response) throws IOException {
    return new PreparedResponse.Marshaller().stream(response).readAllBytes();
  }
}
