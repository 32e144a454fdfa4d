package example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.client.testing.FakeHub;
import dev.reactorhub.client.testing.StoredEvent;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The mailer, with a hub within the test. */
final class OrderMailerTest {
  private final BlockingQueue<String> sent = new LinkedBlockingQueue<>();
  private int failures;

  @Test
  void eachPaidOrderIsMailedAndNoOther() throws Exception {
    try (FakeHub hub = FakeHub.start();
        ReactorClient client = ReactorClient.builder(hub.endpoint()).build()) {
      StoredEvent paid = hub.publish("orders.eu", "order_paid", "{\"order\":1}");
      hub.publish("orders.eu", "order_shipped", "{\"order\":1}");
      try (OrderMailer mailer = new OrderMailer(client, (position, order) -> sent.add(order))) {
        assertEquals("{\"order\":1}", sent.poll(10, TimeUnit.SECONDS));
        hub.publish("orders.us", "order_paid", "{\"order\":2}");
        assertEquals("{\"order\":2}", sent.poll(10, TimeUnit.SECONDS));
      }
      assertEquals(
          List.of(paid.seq(), paid.seq() + 2),
          hub.consumer("order-mailer").orElseThrow().acknowledged());
    }
  }

  @Test
  void anOrderThatCouldNotBeMailedComesAgain() throws Exception {
    try (FakeHub hub = FakeHub.start();
        ReactorClient client = ReactorClient.builder(hub.endpoint()).build()) {
      hub.publish("orders.eu", "order_paid", "{\"order\":1}");
      try (OrderMailer mailer = new OrderMailer(client, this::failOnce)) {
        assertEquals("failed", sent.poll(10, TimeUnit.SECONDS));
        assertEquals("{\"order\":1}", sent.poll(10, TimeUnit.SECONDS));
      }
    }
  }

  private void failOnce(String position, String order) {
    if (failures++ == 0) {
      sent.add("failed");
      throw new IllegalStateException("no mail server");
    }
    sent.add(order);
  }
}
