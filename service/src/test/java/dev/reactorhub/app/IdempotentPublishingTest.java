package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Position;
import dev.reactorhub.history.Content;
import dev.reactorhub.history.Outcome;
import dev.reactorhub.workload.PublishingFace;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same id again yields the first position, on whichever face, across restarts. */
final class IdempotentPublishingTest {
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path data;

  @Test
  void anIdHandedInOnOneFaceIsADuplicateOnEveryOtherEvenAfterAKill() throws Exception {
    List<Position> first = new ArrayList<>();
    try (HubProcess hub = HubProcess.start(data)) {
      for (PublishingFace face : PublishingFace.values()) {
        switch (publish(hub, face, content(face, "{\"first\":true}"))) {
          case Outcome.Acknowledged(Position position, boolean isDuplicate) -> {
            assertThat(isDuplicate).as(face.name()).isFalse();
            first.add(position);
          }
          case Outcome.Refused refused -> throw new AssertionError(refused);
          case Outcome.Unknown unknown -> throw new AssertionError(unknown);
        }
      }
      assertThat(new HashSet<>(first)).hasSize(PublishingFace.values().length);
      assertAllAreDuplicates(hub, first);
      hub.kill();
    }
    try (HubProcess hub = HubProcess.start(data)) {
      assertAllAreDuplicates(hub, first);
    }
  }

  private void assertAllAreDuplicates(HubProcess hub, List<Position> first) throws Exception {
    for (PublishingFace again : PublishingFace.values()) {
      List<Outcome> outcomes = new ArrayList<>();
      List<Outcome> expected = new ArrayList<>();
      for (PublishingFace face : PublishingFace.values()) {
        // Whatever else it says: the id alone decides.
        outcomes.add(publish(hub, again, content(face, "{\"again\":true}")));
        expected.add(new Outcome.Acknowledged(first.get(expected.size()), true));
      }
      assertThat(outcomes).as(again.name()).isEqualTo(expected);
    }
  }

  private Outcome publish(HubProcess hub, PublishingFace face, Content content) throws Exception {
    try (PublishingFace.Connection connection = face.connect(http, hub.endpoint())) {
      return connection.publish(List.of(content)).getFirst();
    }
  }

  private static Content content(PublishingFace face, String data) {
    return new Content("once-" + face, "order_placed", "orders", "shop", Instant.EPOCH, data);
  }
}
