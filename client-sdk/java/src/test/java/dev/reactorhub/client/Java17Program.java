package dev.reactorhub.client;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;

/** Uses each part of the client once, and prints what came of it. */
final class Java17Program {
  private static final PrintStream OUT = System.out;

  private Java17Program() {}

  public static void main(String[] arguments) throws Exception {
    OUT.println("java " + Runtime.version().feature());
    CountDownLatch done = new CountDownLatch(4);
    try (ReactorClient client = ReactorClient.builder(arguments[0]).build()) {
      client
          .on(
              "a",
              event -> {
                OUT.println("heard " + event.dataJson());
                done.countDown();
              })
          .established()
          .join();
      OUT.println("stored " + client.publish(NewEvent.of("a", "{\"n\":1}")).position());
      try (PublishStream stream = client.publishStream()) {
        OUT.println("streamed " + stream.send(NewEvent.of("b", "{}")).join().position());
      }
      client.publisher(Filter.defaultChannel(), StartAt.earliest()).subscribe(new First(done));
      ConsumerSpec spec =
          ConsumerSpec.named("seventeen").startAt(StartAt.earliest()).concurrency(2).build();
      try (Consumer consumer =
          client.consume(
              spec,
              consumed -> {
                OUT.println(
                    "consumed " + consumed.event().position() + " attempt " + consumed.attempt());
                done.countDown();
              })) {
        consumer.established().join();
        done.await();
      }
    }
  }

  /** Takes one delivery. */
  private static final class First implements Flow.Subscriber<Delivery> {
    private final CountDownLatch done;

    First(CountDownLatch done) {
      this.done = done;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(1);
    }

    @Override
    public void onNext(Delivery delivery) {
      OUT.println("flowed " + delivery.getClass().getSimpleName());
      done.countDown();
    }

    @Override
    public void onError(Throwable failure) {
      OUT.println("failed " + failure);
    }

    @Override
    public void onComplete() {}
  }
}
