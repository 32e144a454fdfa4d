package dev.reactorhub.consumer;

import dev.reactorhub.event.Position;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Next;
import java.util.List;

/** What a client of a consumer is to be told next. */
public sealed interface Handed {
  /**
   * Events to deal with.
   *
   * @param deliveries one or more
   */
  record Events(List<Delivery<EncodedEvent>> deliveries) implements Handed {}

  /** A hole, to be told before anything that follows. */
  record Gap(Next.Gap gap) implements Handed {}

  /** The client is given events from now on, or is not. */
  record Role(boolean isActive) implements Handed {}

  /**
   * Acknowledgements are durable.
   *
   * @param ref the number of the newest; every one before it is as well
   * @param position every matching event up to here is dealt with
   */
  record Acknowledged(long ref, Position position) implements Handed {}

  /** The client is not of the consumer any more: there is nothing after this. */
  record Ended(Ending ending) implements Handed {}

  /** Nothing now: the wake-up runs once there is something. */
  record Nothing() implements Handed {}

  /** Why a client is not of the consumer any more. */
  sealed interface Ending {
    /** The consumer's cursor was moved: open again. */
    record Reset() implements Ending {}

    /** The consumer was deleted. */
    record Deleted() implements Ending {}

    /** The log cannot be read or written. */
    record Failed(RuntimeException cause) implements Ending {}
  }
}
