package dev.reactorhub.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.reactorhub.client.testing.FakeHub;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.SkipException;
import org.testng.annotations.BeforeMethod;

/**
 * The verification of Reactive Streams against {@link ReactorClient#publisher}, each rule a test of
 * its own. The kit is written for TestNG; its rules are called from here so that they are counted
 * with all others, and so that one that does not apply is no silent skip.
 */
final class FlowTckTest {
  /** Rules that cannot be verified from outside; the kit always skips them. */
  private static final String UNVERIFIABLE = "untested_";

  /** Rules of publishers that share what one source emits; here each subscriber has its own. */
  private static final List<String> OF_OTHER_PUBLISHERS = List.of();

  private final FakeHub hub = FakeHub.start();
  private final Queue<ReactorClient> clients = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    clients.forEach(ReactorClient::close);
    hub.close();
  }

  @TestFactory
  Stream<DynamicTest> rule() {
    return rules()
        .filter(rule -> !OF_OTHER_PUBLISHERS.contains(rule.getName()))
        .map(rule -> dynamicTest(rule.getName(), () -> verify(rule)));
  }

  @Test
  void theKitHasItsRules() {
    assertThat(rules()).hasSizeGreaterThan(25);
  }

  private static Stream<Method> rules() {
    return Arrays.stream(Verification.class.getMethods())
        .filter(method -> method.isAnnotationPresent(org.testng.annotations.Test.class))
        .filter(method -> !method.getName().startsWith(UNVERIFIABLE))
        .sorted(Comparator.comparing(Method::getName));
  }

  private void verify(Method rule) throws Throwable {
    Verification verification = new Verification();
    for (Method method : Verification.class.getMethods()) {
      if (method.isAnnotationPresent(BeforeMethod.class)) {
        method.invoke(verification);
      }
    }
    try {
      rule.invoke(verification);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SkipException) {
        throw new AssertionError("the kit skipped " + rule.getName(), e.getCause());
      }
      throw e.getCause();
    }
  }

  private ReactorClient client() {
    ReactorClient client = Clients.clientOf(hub).build();
    clients.add(client);
    return client;
  }

  /** Lets the hub hold as many events as a publisher of so many deliveries needs. */
  private void fill(long events) {
    while (hub.events().size() < events) {
      hub.publish("counted", "{}");
    }
  }

  private final class Verification extends FlowPublisherVerification<Delivery> {
    Verification() {
      super(new TestEnvironment(500, 100, false));
    }

    @Override
    public Flow.Publisher<Delivery> createFlowPublisher(long elements) {
      // The first delivery says that the subscription is in place.
      fill(Math.min(elements, 1_000));
      return subscriber -> {
        if (subscriber == null) {
          client().publisher(Filter.defaultChannel(), StartAt.earliest()).subscribe(null);
          return;
        }
        // A subscription of a hub has no end; that of a client does.
        ReactorClient own = client();
        own.publisher(Filter.defaultChannel(), StartAt.earliest())
            .subscribe(new ClosingAfter(subscriber, elements, own));
      };
    }

    @Override
    public Flow.Publisher<Delivery> createFailedFlowPublisher() {
      ReactorClient closed = client();
      closed.close();
      return closed.publisher(Filter.defaultChannel(), StartAt.earliest());
    }
  }

  /** Closes the client after so many deliveries; makes no signal of its own. */
  private static final class ClosingAfter implements Flow.Subscriber<Delivery> {
    private final Flow.Subscriber<? super Delivery> subscriber;
    private final ReactorClient client;
    private long left;

    ClosingAfter(
        Flow.Subscriber<? super Delivery> subscriber, long elements, ReactorClient client) {
      this.subscriber = subscriber;
      this.left = elements;
      this.client = client;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscriber.onSubscribe(subscription);
      if (left == 0) {
        client.close();
      }
    }

    @Override
    public void onNext(Delivery delivery) {
      subscriber.onNext(delivery);
      left--;
      if (left == 0) {
        client.close();
      }
    }

    @Override
    public void onError(Throwable failure) {
      subscriber.onError(failure);
    }

    @Override
    public void onComplete() {
      subscriber.onComplete();
    }
  }
}
