package dev.reactorhub.workload;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reactorhub.history.Content;
import dev.reactorhub.v1.Acknowledge;
import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.ConsumerDefinition;
import dev.reactorhub.v1.ConsumerServiceGrpc;
import dev.reactorhub.v1.Credit;
import dev.reactorhub.v1.Delivery;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.GetConsumerRequest;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.Open;
import dev.reactorhub.v1.PublishRequest;
import dev.reactorhub.v1.ReadHistoryRequest;
import dev.reactorhub.v1.Reject;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Two clients of one shared consumer: one holds what it is given, the other deals with it, but for
 * the event {@code poison}, which it always gives back. One thread.
 */
public final class TwoConsumers implements AutoCloseable {
  private static final String NAME = "pair";
  private static final String POISON = "e150";
  private static final int CHANNELS = 20;
  private static final int CREDIT = 10;

  /** The survivor goes on within this. */
  private static final Duration SURVIVOR_MAX = Duration.ofSeconds(5);

  private static final Duration LOOK = Duration.ofMillis(20);
  private static final Duration END_MAX = Duration.ofSeconds(60);

  private final ManagedChannel channel;
  private final ConsumeCall victim;
  private final ConsumeCall survivor;
  private final Set<Long> heldByVictim = new TreeSet<>();
  private final Set<Long> dealtWith = new HashSet<>();
  private long events;

  /** Opens both. */
  public TwoConsumers(Endpoint endpoint) {
    channel = endpoint.grpc();
    victim = open(endpoint);
    survivor = open(endpoint);
  }

  private static ConsumeCall open(Endpoint endpoint) {
    ConsumeCall call = new ConsumeCall(endpoint);
    call.send(
        ConsumeRequest.newBuilder()
            .setOpen(
                Open.newBuilder()
                    .setConsumer(NAME)
                    .setDefinition(
                        ConsumerDefinition.newBuilder()
                            .setFilter(Filter.newBuilder().addChannels("pair.*"))
                            .setAttemptsMax(3))
                    .setCredit(Credit.newBuilder().setEventsMax(CREDIT))));
    await()
        .atMost(END_MAX)
        .until(
            () ->
                call.next(LOOK)
                    .filter(
                        frame ->
                            frame instanceof ConsumeCall.Frame.Came(ConsumeResponse response)
                                && response.hasOpened())
                    .isPresent());
    return call;
  }

  /** Publishes so many events, on many channels. */
  public void publish(int count) {
    for (int i = 1; i <= count; i++) {
      Content content =
          new Content("e" + i, "t", "pair." + i % CHANNELS, "test", Instant.EPOCH, "{}");
      var _ =
          HubServiceGrpc.newBlockingStub(channel)
              .publish(PublishRequest.newBuilder().setEvent(Wire.proto(content)).build());
    }
    events = count;
  }

  /** Until one has what its credit allows, and the other has dealt with something. */
  public void awaitBothBusy() {
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(END_MAX)
        .until(
            () -> {
              victim.next(LOOK).ifPresent(frame -> hold(frame));
              survivor.next(LOOK).ifPresent(frame -> dealWith(frame));
              return heldByVictim.size() == CREDIT && !dealtWith.isEmpty();
            });
  }

  /** Milliseconds until the survivor was given something that the other had. */
  public long killOneAndAwaitItsEventsAtTheOther() {
    long killedAtNanos = System.nanoTime();
    victim.close();
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(SURVIVOR_MAX)
        .until(
            () -> {
              survivor.next(LOOK).ifPresent(frame -> dealWith(frame));
              return heldByVictim.stream().anyMatch(dealtWith::contains);
            });
    return Duration.ofNanos(System.nanoTime() - killedAtNanos).toMillis();
  }

  /** Deals with the rest; the error that the dead letter of the poison event names. */
  public String letterOfTheRejected() {
    GetConsumerRequest request = GetConsumerRequest.newBuilder().setConsumer(NAME).build();
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(END_MAX)
        .until(
            () -> {
              survivor.next(LOOK).ifPresent(frame -> dealWith(frame));
              return dealtWith.size() == events - 1
                  && ConsumerServiceGrpc.newBlockingStub(channel)
                          .getConsumer(request)
                          .getConsumer()
                          .getParkedEvents()
                      == 1;
            });
    var letters =
        HubServiceGrpc.newBlockingStub(channel)
            .readHistory(
                ReadHistoryRequest.newBuilder()
                    .setFilter(Filter.newBuilder().addChannels("dead-letter." + NAME))
                    .build());
    JsonNode letter = Wire.parse(letters.getEvents(0).getDataJson());
    if (!letter.get("event").get("id").textValue().equals(POISON)) {
      throw new AssertionError("parked: " + letter);
    }
    return letter.get("error").textValue();
  }

  /** How many events the survivor dealt with. */
  public int dealtWith() {
    return dealtWith.size();
  }

  private void hold(ConsumeCall.Frame frame) {
    if (frame instanceof ConsumeCall.Frame.Came(ConsumeResponse response)) {
      for (Delivery delivery : response.getBatch().getDeliveriesList()) {
        heldByVictim.add(delivery.getEvent().getSeq());
      }
    }
  }

  private void dealWith(ConsumeCall.Frame frame) {
    if (!(frame instanceof ConsumeCall.Frame.Came(ConsumeResponse response))) {
      throw new AssertionError("the survivor's stream ended: " + frame);
    }
    for (Delivery delivery : response.getBatch().getDeliveriesList()) {
      long seq = delivery.getEvent().getSeq();
      if (delivery.getEvent().getId().equals(POISON)) {
        survivor.send(
            ConsumeRequest.newBuilder()
                .setReject(Reject.newBuilder().addSeqs(seq).setError("cannot be read")));
      } else {
        survivor.send(
            ConsumeRequest.newBuilder().setAcknowledge(Acknowledge.newBuilder().addSeqs(seq)));
        dealtWith.add(seq);
      }
    }
  }

  @Override
  public void close() {
    victim.close();
    survivor.close();
    channel.shutdownNow();
  }
}
