package dev.reactorhub.client;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.reactorhub.client.ReactorException.Reason;
import dev.reactorhub.v1.PublishRequest;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Publishes events, at most so many bytes of them at a time. Any thread. */
final class Publisher implements AutoCloseable {
  /** What an event costs beside its bytes on the wire. */
  static final int EVENT_OVERHEAD_BYTES = 512;

  private final HubConnection hub;
  private final EventIds ids;

  /** Bytes that may still be handed in. Fair, so that a large event gets its turn. */
  private final Semaphore room;

  private final Set<PendingPublish> pending = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;

  Publisher(HubConnection hub, EventIds ids) {
    this.hub = hub;
    this.ids = ids;
    this.room = new Semaphore(hub.settings().publishBytesMax(), true);
  }

  CompletableFuture<PublishResult> publish(NewEvent event) {
    String id = event.id().orElseGet(ids::next);
    PublishRequest request =
        PublishRequest.newBuilder().setEvent(Wire.toMessage(event, id)).build();
    long deadlineNanos = hub.timing().nanoTime() + hub.settings().publishTimeout().toNanos();
    // An event larger than the whole room goes alone; whether it is too large the hub says.
    int bytes =
        Math.min(
            request.getSerializedSize() + EVENT_OVERHEAD_BYTES, hub.settings().publishBytesMax());
    if (!hasRoom(bytes)) {
      String message =
          hub.settings().publishBytesMax() + " bytes await their acknowledgement already";
      return CompletableFuture.failedFuture(
          new ReactorException.Limited(new Reason("publish_bytes_max", message), null));
    }
    PendingPublish publish = new PendingPublish(hub, request, deadlineNanos);
    pending.add(publish);
    CompletableFuture<PublishResult> result = publish.result();
    var unused = result.whenComplete((value, failure) -> forget(publish, bytes));
    // Looked at after adding: whoever closes either finds this publish or is seen here.
    if (isClosed) {
      publish.close();
    }
    publish.attempt();
    return result;
  }

  private boolean hasRoom(int bytes) {
    try {
      return room.tryAcquire(bytes, hub.settings().publishTimeout().toNanos(), NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ReactorException.Interrupted(e);
    }
  }

  private void forget(PendingPublish publish, int bytes) {
    pending.remove(publish);
    room.release(bytes);
    publish.cancel();
  }

  /** Fails whatever has not been acknowledged. */
  @Override
  public void close() {
    isClosed = true;
    pending.forEach(PendingPublish::close);
  }
}
