package dev.reactorhub.log;

/** The log's store failed or holds damaged bytes. A person must act; nothing is retried. */
public final class LogFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names what failed. */
  public LogFailedException(String message) {
    super(message);
  }

  /** Names what failed, with its cause. */
  public LogFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
