package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.grpc.GrpcFixture.Reader;
import dev.reactorhub.grpc.GrpcFixture.Setup;
import dev.reactorhub.hub.BatchForm;
import dev.reactorhub.hub.EventEncoder;
import dev.reactorhub.hub.WireForm;
import dev.reactorhub.log.LogRecord;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.NewEvent;
import dev.reactorhub.v1.Start;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import dev.reactorhub.wire.EventEncoding;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an event costs when many subscribe, and when one of them does not read. */
final class FanOutMemoryTest {
  private static final int READERS = 10;

  private final Counting counting = new Counting();

  @Test
  void anEventIsSerialisedOnceForAllStreams() {
    try (GrpcFixture f = Setup.ofDefaults().with(counting).start()) {
      List<Reader> readers =
          IntStream.range(0, READERS)
              .mapToObj(i -> f.subscribe(Filter.newBuilder(), Start.newBuilder()))
              .toList();
      readers.forEach(reader -> await().until(() -> !reader.told.isEmpty()));
      for (int i = 1; i <= 50; i++) {
        f.publish("default", "a");
      }
      readers.forEach(reader -> await().until(() -> reader.told.contains("50")));

      // Two streams that need an event in the same moment may both encode it; ten never do.
      assertThat(counting.events.get()).isBetween(50, 50 * READERS / 2);
    }
  }

  @Test
  void aSubscriberThatDoesNotReadHoldsNoMoreThanItsTransportTook() {
    try (GrpcFixture f = Setup.ofDefaults().with(counting).start()) {
      Deaf deaf = new Deaf();
      HubServiceGrpc.newStub(f.channel).subscribe(SubscribeRequest.getDefaultInstance(), deaf);
      await().until(() -> f.hub.stats().subscriptions() == 1);
      NewEvent.Builder event =
          NewEvent.newBuilder().setType("a").setDataJson("\"" + "x".repeat(128 << 10) + "\"");
      for (int i = 0; i < 256; i++) {
        f.publish(event);
      }

      // Of 32 MiB: the client's window, what makes the stream unready, and one batch.
      assertThat(counting.bytes.get()).isLessThan(4 << 20);
      deaf.requests().request(1_000);
      await().until(() -> deaf.seqs.size() == 256);
      assertThat(deaf.seqs)
          .containsExactlyElementsOf(LongStream.rangeClosed(1, 256).boxed().toList());
    }
  }

  /** Counts what is encoded for gRPC. */
  private static final class Counting implements EventEncoder {
    final AtomicInteger events = new AtomicInteger();
    final AtomicLong bytes = new AtomicLong();
    private final EventEncoder encoding = new EventEncoding();

    @Override
    public byte[] encode(WireForm form, Epoch epoch, LogRecord record) {
      return encoding.encode(form, epoch, record);
    }

    @Override
    public byte[] encode(BatchForm form, Epoch epoch, LogRecord record) {
      byte[] encoded = encoding.encode(form, epoch, record);
      events.incrementAndGet();
      bytes.addAndGet(encoded.length);
      return encoded;
    }
  }

  /** Takes nothing before it is told to. */
  private static final class Deaf
      implements ClientResponseObserver<SubscribeRequest, SubscribeResponse> {
    final List<Long> seqs = new CopyOnWriteArrayList<>();
    private volatile @Nullable ClientCallStreamObserver<SubscribeRequest> requests;

    ClientCallStreamObserver<SubscribeRequest> requests() {
      return Objects.requireNonNull(requests);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<SubscribeRequest> out) {
      out.disableAutoRequestWithInitial(0);
      requests = out;
    }

    @Override
    public void onNext(SubscribeResponse frame) {
      frame.getBatch().getEventsList().forEach(event -> seqs.add(event.getSeq()));
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
