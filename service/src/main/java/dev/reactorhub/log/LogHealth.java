package dev.reactorhub.log;

/** Whether the log can take events and give all of them back. */
public sealed interface LogHealth {
  /** It can, as far as is known. */
  record Healthy() implements LogHealth {}

  /**
   * It cannot at present; or stored records turned out to be damaged, while new ones are taken.
   *
   * @param reason why
   * @param detail one sentence for the operator
   */
  record Unhealthy(AppendResult.Reason reason, String detail) implements LogHealth {}
}
