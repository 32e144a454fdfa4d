package dev.reactorhub.bench.load;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.reactorhub.v1.Acknowledge;
import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.ConsumerDefinition;
import dev.reactorhub.v1.ConsumerServiceGrpc;
import dev.reactorhub.v1.Credit;
import dev.reactorhub.v1.Delivery;
import dev.reactorhub.v1.DeliveryBatch;
import dev.reactorhub.v1.Earliest;
import dev.reactorhub.v1.Open;
import dev.reactorhub.v1.ResetConsumerRequest;
import dev.reactorhub.v1.Start;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One client of a durable consumer that takes so many events, again and again, and acknowledges
 * each message up to its last position; prints how many a second it took, the last confirmation
 * included.
 */
final class ConsumeDrain {
  private static final String NAME = "bench";
  private static final Start EARLIEST =
      Start.newBuilder().setEarliest(Earliest.getDefaultInstance()).build();
  private static final int CREDIT = 10_000;
  private static final int MESSAGES_AHEAD = 16;
  private static final long SECONDS_MAX = 60;

  private final ManagedChannel channel;
  private final int events;
  private final boolean isHub;

  private ConsumeDrain(ManagedChannel channel, int events, boolean isHub) {
    this.channel = channel;
    this.events = events;
    this.isHub = isHub;
  }

  /** Takes {@link Turns}, how many events, and the ports. */
  public static void main(String[] arguments) throws Exception {
    int events = Integer.parseInt(arguments[3]);
    List<Turns.Server> servers = new ArrayList<>();
    for (String port : Arrays.asList(arguments).subList(4, arguments.length)) {
      boolean isHub = Integer.parseInt(port) == HubServer.GRPC_PORT;
      servers.add(new ConsumeDrain(RawBytes.channel(port), events, isHub)::drain);
    }
    Turns.parse(arguments).run(servers);
  }

  /** Round after round for so long; a report of all of them, without what lies between. */
  private String drain(long seconds) throws InterruptedException {
    long taken = 0;
    long messages = 0;
    long bytes = 0;
    long nanos = 0;
    while (nanos < TimeUnit.SECONDS.toNanos(seconds)) {
      long start = System.nanoTime();
      Stream stream = new Stream(channel, events);
      stream.await();
      nanos += System.nanoTime() - start;
      taken += stream.events;
      messages += stream.messages;
      bytes += stream.bytes;
      if (isHub) {
        var _ =
            ConsumerServiceGrpc.newBlockingStub(channel)
                .resetConsumer(
                    ResetConsumerRequest.newBuilder().setConsumer(NAME).setTo(EARLIEST).build());
      }
    }
    return String.format(
        Locale.ROOT,
        "{\"per_s\":%.0f,\"events_per_message\":%d,\"bytes_per_event\":%d}",
        taken * 1e9 / nanos,
        taken / messages,
        bytes / taken);
  }

  /** One stream. */
  private static final class Stream extends ClientCall.Listener<byte[]> {
    private final CountDownLatch done = new CountDownLatch(1);
    private final ClientCall<byte[], byte[]> call;
    private final int eventsMax;
    private int events;
    private long messages;
    private long bytes;
    private boolean isConfirmed;
    private Status ended = Status.UNKNOWN.withDescription("the stream has not ended");

    Stream(ManagedChannel channel, int eventsMax) {
      this.call = channel.newCall(RawBytes.consume(), CallOptions.DEFAULT.withWaitForReady());
      this.eventsMax = eventsMax;
      call.start(this, new Metadata());
      call.request(MESSAGES_AHEAD);
      send(
          ConsumeRequest.newBuilder()
              .setOpen(
                  Open.newBuilder()
                      .setConsumer(NAME)
                      .setDefinition(ConsumerDefinition.getDefaultInstance())
                      .setStart(EARLIEST)
                      .setCredit(Credit.newBuilder().setEventsMax(CREDIT))));
    }

    void await() throws InterruptedException {
      if (!done.await(SECONDS_MAX, TimeUnit.SECONDS) || !isConfirmed) {
        throw new CannotRunException(
            "the consumer got "
                + events
                + " of "
                + eventsMax
                + " events, or no confirmation: "
                + ended);
      }
    }

    private void send(ConsumeRequest.Builder request) {
      call.sendMessage(request.build().toByteArray());
    }

    @Override
    public void onMessage(byte[] message) {
      try {
        take(message);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      call.request(1);
    }

    private void take(byte[] message) throws IOException {
      CodedInputStream in = CodedInputStream.newInstance(message);
      int field = WireFormat.getTagFieldNumber(in.readTag());
      if (field == ConsumeResponse.BATCH_FIELD_NUMBER) {
        if (events < eventsMax) {
          takeBatch(message.length, in);
        }
      } else if (field == ConsumeResponse.ACKNOWLEDGED_FIELD_NUMBER
          && ConsumeResponse.parseFrom(message).getAcknowledged().getRef() == messages) {
        isConfirmed = events >= eventsMax;
      }
    }

    /** Counts without decoding the events, but for the last. */
    private void takeBatch(int length, CodedInputStream in) throws IOException {
      in.pushLimit(in.readRawVarint32());
      ByteString last = ByteString.EMPTY;
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == DeliveryBatch.DELIVERIES_FIELD_NUMBER) {
          last = in.readBytes();
          events++;
        } else {
          in.skipField(tag);
        }
      }
      messages++;
      bytes += length;
      String through = Delivery.parseFrom(last).getEvent().getPosition();
      send(
          ConsumeRequest.newBuilder()
              .setAcknowledge(Acknowledge.newBuilder().setThrough(through).setRef(messages)));
      if (events >= eventsMax) {
        call.halfClose();
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      ended = status;
      done.countDown();
    }
  }
}
