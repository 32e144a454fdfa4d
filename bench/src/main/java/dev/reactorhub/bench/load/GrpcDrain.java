package dev.reactorhub.bench.load;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import dev.reactorhub.v1.Earliest;
import dev.reactorhub.v1.EventBatch;
import dev.reactorhub.v1.Start;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
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
 * Subscribers that each take so many events, again and again; prints how many a second all took
 * together.
 */
final class GrpcDrain {
  private static final int MESSAGES_AHEAD = 16;
  private static final long SECONDS_MAX = 120;

  private GrpcDrain() {}

  /** Takes {@link Turns}, how many subscribers, how many events each, and the ports. */
  public static void main(String[] arguments) throws Exception {
    int subscribers = Integer.parseInt(arguments[3]);
    int events = Integer.parseInt(arguments[4]);
    List<Turns.Server> servers = new ArrayList<>();
    for (String port : Arrays.asList(arguments).subList(5, arguments.length)) {
      ManagedChannel channel = RawBytes.channel(port);
      servers.add(seconds -> drain(channel, subscribers, events, seconds));
    }
    Turns.parse(arguments).run(servers);
  }

  /** Round after round for so long; a report of all of them. */
  private static String drain(ManagedChannel channel, int subscribers, int events, long seconds)
      throws InterruptedException {
    long taken = 0;
    long messages = 0;
    long bytes = 0;
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
      for (Drain drain : round(channel, subscribers, events)) {
        taken += drain.events;
        messages += drain.messages;
        bytes += drain.bytes;
      }
    }
    return String.format(
        Locale.ROOT,
        "{\"per_s\":%.0f,\"events_per_message\":%d,\"bytes_per_event\":%d}",
        taken * 1e9 / (System.nanoTime() - start),
        taken / messages,
        bytes / taken);
  }

  /** Each subscriber takes so many events, once. */
  private static List<Drain> round(ManagedChannel channel, int subscribers, int events)
      throws InterruptedException {
    CountDownLatch done = new CountDownLatch(subscribers);
    List<Drain> drains = new ArrayList<>();
    for (int i = 0; i < subscribers; i++) {
      drains.add(new Drain(channel, events, done));
    }
    if (!done.await(SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new CannotRunException("the subscribers did not get " + events + " events each");
    }
    return drains;
  }

  /** One subscriber. */
  private static final class Drain extends ClientCall.Listener<byte[]> {
    private final ClientCall<byte[], byte[]> call;
    private final int eventsMax;
    private final CountDownLatch done;
    private int events;
    private long messages;
    private long bytes;

    Drain(ManagedChannel channel, int eventsMax, CountDownLatch done) {
      this.call = channel.newCall(RawBytes.subscribe(), CallOptions.DEFAULT.withWaitForReady());
      this.eventsMax = eventsMax;
      this.done = done;
      call.start(this, new Metadata());
      call.request(MESSAGES_AHEAD);
      call.sendMessage(
          SubscribeRequest.newBuilder()
              .setStart(Start.newBuilder().setEarliest(Earliest.getDefaultInstance()))
              .build()
              .toByteArray());
      call.halfClose();
    }

    @Override
    public void onMessage(byte[] message) {
      if (events >= eventsMax) {
        return;
      }
      int count = eventsIn(message);
      if (count > 0) {
        events += count;
        messages++;
        bytes += message.length;
      }
      if (events >= eventsMax) {
        done.countDown();
        call.cancel("enough", null);
      } else {
        call.request(1);
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      if (events < eventsMax) {
        throw new CannotRunException("the subscription ended: " + status);
      }
    }

    /** Counts without decoding the events. */
    private static int eventsIn(byte[] message) {
      try {
        CodedInputStream in = CodedInputStream.newInstance(message);
        int count = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
          if (WireFormat.getTagFieldNumber(tag) != SubscribeResponse.BATCH_FIELD_NUMBER) {
            in.skipField(tag);
            continue;
          }
          int limit = in.pushLimit(in.readRawVarint32());
          for (int inner = in.readTag(); inner != 0; inner = in.readTag()) {
            count += WireFormat.getTagFieldNumber(inner) == EventBatch.EVENTS_FIELD_NUMBER ? 1 : 0;
            in.skipField(inner);
          }
          in.popLimit(limit);
        }
        return count;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
