package dev.reactorhub.hub;

/**
 * The forms in which events leave the hub together, one after the other in one message. An event is
 * encoded once in each.
 */
public enum BatchForm {
  /** An element of the field {@code events} of the gRPC message EventBatch: tag, length, Event. */
  EVENT,
  /** An element of the field {@code deliveries} of DeliveryBatch, of the first attempt. */
  FIRST_DELIVERY
}
