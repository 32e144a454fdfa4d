package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import dev.reactorhub.v1.DeleteConsumerRequest;
import dev.reactorhub.v1.GetConsumerRequest;
import dev.reactorhub.v1.ListConsumersRequest;
import dev.reactorhub.v1.ListConsumersResponse;
import dev.reactorhub.v1.ResetConsumerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Looks after the durable consumers of a hub: for tools and tests, whoever works for one uses
 * {@link ReactorClient#consume}. Any thread may use it; each method waits for the hub's answer.
 */
public final class Consumers {
  /** Makes a call on one of the ways to the hub. */
  interface Caller {
    <T> T call(Function<HubConnection.Route, T> call);
  }

  private final Caller caller;

  Consumers(Caller caller) {
    this.caller = caller;
  }

  /**
   * Every consumer of the hub.
   *
   * @return how each stands, ordered by name
   * @throws ReactorException if the hub did not answer
   */
  public List<ConsumerStatus> list() {
    List<ConsumerStatus> all = new ArrayList<>();
    String after = "";
    do {
      ListConsumersRequest request = ListConsumersRequest.newBuilder().setAfter(after).build();
      ListConsumersResponse page =
          caller.call(route -> route.blockingConsumerStub().listConsumers(request));
      page.getConsumersList().forEach(consumer -> all.add(ConsumeWire.status(consumer)));
      after = page.getNext();
    } while (!after.isEmpty());
    return all;
  }

  /**
   * How one consumer stands.
   *
   * @param name its name
   * @return the same as in the list
   * @throws ReactorException if the hub did not answer; {@link ReactorException.Refused} with the
   *     code {@code consumer_not_found} if there is none of the name
   */
  public ConsumerStatus get(String name) {
    GetConsumerRequest request =
        GetConsumerRequest.newBuilder().setConsumer(Names.consumer(name)).build();
    return caller.call(
        route ->
            ConsumeWire.status(route.blockingConsumerStub().getConsumer(request).getConsumer()));
  }

  /**
   * Moves a consumer, back or forth. Its clients connect again and go on from there.
   *
   * @param name its name
   * @param to where it goes on; not a {@link StartAt.Stored}
   * @return how it stands now
   * @throws ReactorException if the hub did not do it
   */
  public ConsumerStatus reset(String name, StartAt to) {
    if (requireNonNull(to, "to") instanceof StartAt.Stored) {
      throw new IllegalArgumentException("to is a store: must be a place in the log");
    }
    ResetConsumerRequest request =
        ResetConsumerRequest.newBuilder()
            .setConsumer(Names.consumer(name))
            .setTo(Wire.toMessage(to))
            .build();
    return caller.call(
        route ->
            ConsumeWire.status(route.blockingConsumerStub().resetConsumer(request).getConsumer()));
  }

  /**
   * Forgets a consumer. Its clients end with {@code consumer_not_found}, unless they make it anew.
   *
   * @param name its name
   * @throws ReactorException if the hub did not do it
   */
  public void delete(String name) {
    DeleteConsumerRequest request =
        DeleteConsumerRequest.newBuilder().setConsumer(Names.consumer(name)).build();
    var unused = caller.call(route -> route.blockingConsumerStub().deleteConsumer(request));
  }
}
