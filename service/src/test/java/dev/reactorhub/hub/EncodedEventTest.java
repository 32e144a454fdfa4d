package dev.reactorhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.EventFilter;
import dev.reactorhub.log.ReadLimit;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class EncodedEventTest {
  @Test
  void whatIsEncodedTogetherFollowsEachOtherInOneArray() {
    List<EncodedEvent> events = events(3);
    EncodedEvent.encodeTogether(events, Function.identity(), BatchForm.EVENT);
    Slice first = events.get(0).bytes(BatchForm.EVENT);

    assertThat(events.get(1).bytes(BatchForm.EVENT).follows(first)).isTrue();
    assertThat(events.get(2).bytes(BatchForm.EVENT).follows(events.get(1).bytes(BatchForm.EVENT)))
        .isTrue();
    assertThat(events.get(2).bytes(BatchForm.EVENT).follows(first)).isFalse();
    assertThat(events.get(2).bytes(BatchForm.EVENT).end()).isEqualTo(first.array().length);
  }

  @Test
  void whatWasEncodedBeforeIsLeftAsItIs() {
    List<EncodedEvent> events = events(3);
    Slice alone = events.get(1).bytes(BatchForm.EVENT);
    EncodedEvent.encodeTogether(events, Function.identity(), BatchForm.EVENT);

    assertThat(events.get(1).bytes(BatchForm.EVENT)).isSameAs(alone);
    assertThat(alone.length()).isEqualTo(alone.array().length);
    assertThat(events.get(2).bytes(BatchForm.EVENT).follows(events.get(0).bytes(BatchForm.EVENT)))
        .isTrue();
  }

  private static List<EncodedEvent> events(int count) {
    try (HubFixture f = HubFixture.ofDefaults()) {
      for (int i = 0; i < count; i++) {
        f.publish("default", "a");
      }
      return ((Hub.HistoryResult.Page)
              f.hub.history(null, EventFilter.ALL, new ReadLimit(count, 1 << 20)))
          .events();
    }
  }
}
