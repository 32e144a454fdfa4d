package example;

import dev.reactorhub.client.Consumer;
import dev.reactorhub.client.ConsumerSpec;
import dev.reactorhub.client.Event;
import dev.reactorhub.client.Filter;
import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.client.StartAt;

/** Sends a mail for every order that was paid, each once in the end, however often it is started. */
public final class OrderMailer implements AutoCloseable {
  private final Consumer consumer;

  /** Sends mails. An exception: the event comes again. */
  public interface Mailer {
    /** Sends one; the same position twice is the same mail. */
    void send(String position, String orderJson);
  }

  /** Begins to work; any number of programs share the name, and the work. */
  public OrderMailer(ReactorClient client, Mailer mailer) {
    ConsumerSpec spec =
        ConsumerSpec.named("order-mailer")
            .filter(Filter.channels("orders.>").ofTypes("order_paid"))
            .startAt(StartAt.earliest())
            .concurrency(4)
            .build();
    this.consumer = client.consume(spec, consumed -> mail(mailer, consumed.event()));
  }

  private static void mail(Mailer mailer, Event event) {
    mailer.send(event.position(), event.dataJson());
  }

  /** Waits for mails that are being sent. */
  @Override
  public void close() {
    consumer.close();
  }

  /** Takes the hub's gRPC address: {@code 127.0.0.1:9090}. Runs until it is ended. */
  public static void main(String[] arguments) throws InterruptedException {
    try (ReactorClient client = ReactorClient.builder(arguments[0]).build();
        OrderMailer mailer =
            new OrderMailer(
                client, (position, order) -> System.out.println("mail " + position + " " + order))) {
      Thread.currentThread().join();
    }
  }
}
