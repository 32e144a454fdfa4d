package dev.reactorhub.log;

/** Whether the log can take events. */
public sealed interface LogHealth {
  /** It can. */
  record Healthy() implements LogHealth {}

  /**
   * It cannot at present.
   *
   * @param reason why
   * @param detail one sentence for the operator
   */
  record Unhealthy(AppendResult.Reason reason, String detail) implements LogHealth {}
}
