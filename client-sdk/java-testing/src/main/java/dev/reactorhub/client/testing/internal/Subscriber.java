package dev.reactorhub.client.testing.internal;

import dev.reactorhub.v1.CaughtUp;
import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.EventBatch;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.Gap;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;

/** One subscription. Guarded by the lock of {@link FakeHubState}. */
final class Subscriber {
  private static final int BATCH_MAX = 64;

  private final HubLog log;
  private final Filter filter;
  private final ServerCallStreamObserver<SubscribeResponse> out;
  private long seq;

  /** It is told that it has caught up once it is here. */
  private final long caughtUpAt;

  private boolean isCaughtUp;

  Subscriber(
      HubLog log,
      Filter filter,
      HubLog.Place place,
      ServerCallStreamObserver<SubscribeResponse> out) {
    this.log = log;
    this.filter = filter;
    this.out = out;
    this.seq = place.seq();
    this.caughtUpAt = log.head();
    if (place.gap() != null) {
      tell(place.gap());
    }
  }

  /** Sends what there is and can be sent. */
  void serve() {
    while (out.isReady() && !out.isCancelled()) {
      if (seq < log.earliest()) {
        tell(log.gap(log.position(seq), "position_expired"));
        seq = log.earliest();
      }
      EventBatch.Builder batch = EventBatch.newBuilder();
      while (seq < log.head() && batch.getEventsCount() < BATCH_MAX) {
        seq++;
        Event event = log.at(seq);
        if (HubLog.matches(filter, event)) {
          batch.addEvents(event);
        }
      }
      if (batch.getEventsCount() > 0) {
        out.onNext(SubscribeResponse.newBuilder().setBatch(batch).build());
      }
      if (!isCaughtUp && seq >= caughtUpAt) {
        isCaughtUp = true;
        send(
            SubscribeResponse.newBuilder()
                .setCaughtUp(CaughtUp.newBuilder().setPosition(log.position(seq))));
      }
      if (seq >= log.head()) {
        return;
      }
    }
  }

  /** The log was recreated: it goes on at the beginning of the new one. */
  void restart(Gap gap) {
    tell(gap);
    seq = 0;
  }

  void tell(Gap gap) {
    send(SubscribeResponse.newBuilder().setGap(gap));
  }

  void send(SubscribeResponse.Builder frame) {
    if (!out.isCancelled()) {
      out.onNext(frame.build());
    }
  }

  String position() {
    return log.position(seq);
  }

  void end(StatusRuntimeException cause) {
    if (!out.isCancelled()) {
      out.onError(cause);
    }
  }
}
