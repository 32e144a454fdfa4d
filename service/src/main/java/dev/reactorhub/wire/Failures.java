package dev.reactorhub.wire;

import dev.reactorhub.log.LogFailedException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Turns failures of asynchronous work into problems, in one place. */
public final class Failures {
  private static final System.Logger LOGGER = System.getLogger(Failures.class.getName());

  private Failures() {}

  /** What to tell the client; a failure that nobody foresaw is logged and told as internal. */
  public static Problem problem(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof ProblemException known) {
      return known.problem();
    }
    if (cause instanceof LogFailedException) {
      // The log itself has told the operator, once, what is wrong with it.
      return Problem.of(
          ErrorCode.LOG_UNAVAILABLE,
          "the hub's log is damaged or cannot be read: its operator must act");
    }
    LOGGER.log(System.Logger.Level.ERROR, "request_failed", cause);
    return Problem.of(ErrorCode.INTERNAL, "the hub failed to serve this; its log says why");
  }
}
