package dev.reactorhub.cli;

/** A log cannot be opened; the message says why and what to do. */
public final class LogUnusableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says why, with the cause. */
  public LogUnusableException(String message, Throwable cause) {
    super(message, cause);
  }
}
