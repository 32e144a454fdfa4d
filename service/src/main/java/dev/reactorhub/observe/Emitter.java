package dev.reactorhub.observe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reactorhub.event.Channel;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.health.Pulse;
import dev.reactorhub.wire.EventDraft;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.JsonText;
import dev.reactorhub.wire.Publishing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Emits events of the hub's own at fixed intervals on the default channel, from one thread. */
public final class Emitter implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger(Emitter.class.getName());

  private static final Duration BEAT = Duration.ofSeconds(1);

  private final Publishing publishing;
  private final InstantSource clock;
  private final Map<EventType, Instant> storedAt = new ConcurrentHashMap<>();
  private final Pulse pulse = new Pulse("emitter", Pulse.STUCK_AT_THE_DISK);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("emitter").factory());

  /** Emits through the one way in. */
  public Emitter(Publishing publishing, InstantSource clock) {
    this.publishing = publishing;
    this.clock = clock;
    pulse.begin();
    var _ = timer.scheduleAtFixedRate(pulse::beat, 0, BEAT.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Whether the thread does its work. */
  public Pulse pulse() {
    return pulse;
  }

  /** Emits an event of this type now and then at every interval; zero: never. */
  public void every(Duration interval, EventType type, Supplier<ObjectNode> data) {
    if (interval.isZero()) {
      return;
    }
    var _ =
        timer.scheduleAtFixedRate(
            () -> emit(type, data), 0, interval.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** When an event of this type was last acknowledged; empty: not yet. */
  public Optional<Instant> storedAt(EventType type) {
    return Optional.ofNullable(storedAt.get(type));
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private void emit(EventType type, Supplier<ObjectNode> data) {
    try {
      byte[] utf8 = JsonText.utf8(data.get());
      EventDraft draft =
          new EventDraft(null, type, Channel.DEFAULT, null, null, Json.ofValidated(utf8), null);
      var _ =
          publishing
              .publishOwn(draft)
              .thenAccept(stored -> storedAt.put(type, clock.instant()))
              .exceptionally(Emitter::refused);
    } catch (RuntimeException e) { // the timer's top: one failure must not end the series
      LOGGER.log(System.Logger.Level.WARNING, "emit_failed type=" + type, e);
    }
  }

  private static @Nullable Void refused(Throwable failure) {
    LOGGER.log(
        System.Logger.Level.WARNING,
        "emit_refused code=" + Failures.problem(failure).code().code());
    return null;
  }
}
