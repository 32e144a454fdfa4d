package dev.reactorhub.stream;

import dev.reactorhub.v1.Acknowledge;
import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.ConsumerDefinition;
import dev.reactorhub.v1.ConsumerServiceGrpc;
import dev.reactorhub.v1.Credit;
import dev.reactorhub.v1.Delivery;
import dev.reactorhub.v1.Extend;
import dev.reactorhub.v1.Open;
import dev.reactorhub.v1.Reject;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One stream of a consumer, which writes down what it is told. */
public final class TestConsumer implements StreamObserver<ConsumeResponse>, AutoCloseable {
  private final Context.CancellableContext cancellation = Context.current().withCancellation();
  private @Nullable StreamObserver<ConsumeRequest> requests;

  /** Events as {@code seq} or, from the second attempt on, {@code seq#attempt}; other frames. */
  public final List<String> told = new CopyOnWriteArrayList<>();

  /** The events, with all there is of them. */
  public final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

  /** What the stream ended with, if it failed. */
  public volatile @Nullable Throwable failure;

  /** True once the hub ended the stream in order. */
  public volatile boolean isCompleted;

  /** Opens a stream of a consumer, which is made when there is none. */
  public static TestConsumer open(
      ManagedChannel channel, String name, UnaryOperator<Open.Builder> with) {
    Open.Builder open =
        Open.newBuilder()
            .setConsumer(name)
            .setDefinition(ConsumerDefinition.getDefaultInstance())
            .setCredit(Credit.newBuilder().setEventsMax(100));
    TestConsumer consumer = of(channel);
    consumer.send(ConsumeRequest.newBuilder().setOpen(with.apply(open)));
    return consumer;
  }

  /** A stream on which nothing was said yet. */
  public static TestConsumer of(ManagedChannel channel) {
    TestConsumer consumer = new TestConsumer();
    consumer.cancellation.run(
        () -> consumer.requests = ConsumerServiceGrpc.newStub(channel).consume(consumer));
    return consumer;
  }

  /** Says something. */
  public void send(ConsumeRequest.Builder request) {
    requests().onNext(request.build());
  }

  /** Grants events, and as many bytes as there may be. */
  public void credit(int eventsMax) {
    send(ConsumeRequest.newBuilder().setCredit(Credit.newBuilder().setEventsMax(eventsMax)));
  }

  /** Acknowledges events; ref 0 asks for no confirmation. */
  public void acknowledge(long ref, Long... seqs) {
    send(
        ConsumeRequest.newBuilder()
            .setAcknowledge(Acknowledge.newBuilder().addAllSeqs(Arrays.asList(seqs)).setRef(ref)));
  }

  /** Acknowledges everything up to a position. */
  public void acknowledgeThrough(long ref, String position) {
    send(
        ConsumeRequest.newBuilder()
            .setAcknowledge(Acknowledge.newBuilder().setThrough(position).setRef(ref)));
  }

  /** Gives events back. */
  public void reject(String error, Long... seqs) {
    send(
        ConsumeRequest.newBuilder()
            .setReject(Reject.newBuilder().addAllSeqs(Arrays.asList(seqs)).setError(error)));
  }

  /** Asks for more time. */
  public void extend(Long... seqs) {
    send(
        ConsumeRequest.newBuilder().setExtend(Extend.newBuilder().addAllSeqs(Arrays.asList(seqs))));
  }

  /** Ends the stream in order. */
  public void finish() {
    requests().onCompleted();
  }

  /** Breaks the stream off. */
  public void breakOff() {
    cancellation.cancel(null);
  }

  @Override
  public void close() {
    breakOff();
  }

  @Override
  public void onNext(ConsumeResponse frame) {
    switch (frame.getFrameCase()) {
      case OPENED ->
          told.add(
              (frame.getOpened().getCreated() ? "made" : "opened")
                  + (frame.getOpened().getActive() ? " active " : " standby ")
                  + seq(frame.getOpened().getPosition()));
      case BATCH -> frame.getBatch().getDeliveriesList().forEach(this::note);
      case POSITION -> told.add("position " + seq(frame.getPosition().getPosition()));
      case GAP ->
          told.add(
              "gap "
                  + seq(frame.getGap().getFrom())
                  + "-"
                  + seq(frame.getGap().getTo())
                  + " "
                  + frame.getGap().getReason());
      case ROLE -> told.add(frame.getRole().getActive() ? "active" : "standby");
      case ACKNOWLEDGED ->
          told.add(
              "durable "
                  + frame.getAcknowledged().getRef()
                  + " "
                  + seq(frame.getAcknowledged().getPosition()));
      case GOING_AWAY -> told.add("going away " + seq(frame.getGoingAway().getPosition()));
      case FRAME_NOT_SET -> told.add("nothing");
    }
  }

  private void note(Delivery delivery) {
    deliveries.add(delivery);
    String seq = Long.toString(delivery.getEvent().getSeq());
    told.add(delivery.getAttempt() == 1 ? seq : seq + "#" + delivery.getAttempt());
  }

  @Override
  public void onError(Throwable ended) {
    failure = ended;
  }

  @Override
  public void onCompleted() {
    isCompleted = true;
  }

  private StreamObserver<ConsumeRequest> requests() {
    if (requests == null) {
      throw new IllegalStateException("the stream was not begun");
    }
    return requests;
  }

  private static String seq(String position) {
    return position.substring(position.indexOf('.') + 1);
  }
}
