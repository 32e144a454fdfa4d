package dev.reactorhub.hub;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Position;
import dev.reactorhub.log.LogRecord;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A record with its wire forms, each made at first need and then shared by every subscriber. Any
 * thread.
 */
public final class EncodedEvent {
  private static final int FORMS = WireForm.values().length;

  private final EventEncoder encoder;
  private final Epoch epoch;
  private final LogRecord record;

  /** Two threads may make the same form at once; the bytes are equal and either copy serves. */
  private final AtomicReferenceArray<byte[]> forms = new AtomicReferenceArray<>(FORMS);

  EncodedEvent(EventEncoder encoder, Epoch epoch, LogRecord record) {
    this.encoder = encoder;
    this.epoch = epoch;
    this.record = record;
  }

  /** The place in the log. */
  public long seq() {
    return record.seq();
  }

  /** The record. */
  public LogRecord record() {
    return record;
  }

  /** The resume token of this event. */
  public Position position() {
    return new Position(epoch, record.seq());
  }

  /** The shared bytes of a form: read only. */
  public byte[] bytes(WireForm form) {
    byte[] made = forms.get(form.ordinal());
    if (made == null) {
      made = encoder.encode(form, epoch, record);
      forms.set(form.ordinal(), made);
    }
    return made;
  }
}
