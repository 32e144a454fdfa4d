package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

final class ConsumeTest {
  @Test
  void aNewConsumerIsMadeAndGivenWhatMatchesAndItsAcknowledgementsAreConfirmed() {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      f.publish("default", "a");
      try (TestConsumer one = TestConsumer.open(f.channel, "mail", open -> open)) {
        await().until(() -> one.told.contains("made active 1"));
        f.publish("other", "a");
        f.publish("default", "a");
        f.publish("default", "a");
        await().until(() -> one.told.contains("4"));
        one.acknowledge(7, 4L);
        await().until(() -> one.told.contains("durable 7 2"));
        one.acknowledgeThrough(8, f.position(4));
        await().until(() -> one.told.contains("durable 8 4"));
        assertThat(one.told)
            .containsExactly("made active 1", "3", "4", "durable 7 2", "durable 8 4");
      }
    }
  }
}
