package dev.reactorhub.client.testing;

/** The kinds of calls that a {@link FakeHub} can be told to fail or to delay. */
public enum HubCall {
  /** One event, stored. */
  PUBLISH,
  /** A stream of events. */
  PUBLISH_STREAM,
  /** A subscription. */
  SUBSCRIBE,
  /** A client's part of a durable consumer. */
  CONSUME,
  /** A page of the log. */
  READ_HISTORY,
  /** What the hub is doing. */
  GET_STATUS
}
