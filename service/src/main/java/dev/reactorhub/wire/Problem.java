package dev.reactorhub.wire;

import java.util.Optional;

/**
 * What was wrong with a request, for whoever sent it.
 *
 * @param code of the one table
 * @param message one sentence that names what was wrong; safe to show
 * @param limit the bound that was exceeded, in the unit the message names
 * @param field the one field of the request that is at fault, its path with dots, where one is
 */
public record Problem(
    ErrorCode code, String message, Optional<Long> limit, Optional<String> field) {
  /** A problem that concerns no limit. */
  public static Problem of(ErrorCode code, String message) {
    return new Problem(code, message, Optional.empty(), Optional.empty());
  }

  /** A problem that concerns a limit. */
  public static Problem of(ErrorCode code, String message, long limit) {
    return new Problem(code, message, Optional.of(limit), Optional.empty());
  }

  /** The same, of this field of the request, or of the one within it that is named already. */
  public Problem at(String outer) {
    return new Problem(
        code, message, limit, Optional.of(field.map(inner -> outer + "." + inner).orElse(outer)));
  }

  /** What is answered when no further session can be opened. */
  public static Problem tooManySessions(int limit, boolean perAddress) {
    return of(
        ErrorCode.TOO_MANY_SESSIONS,
        "at most "
            + limit
            + (perAddress ? " sessions from one address" : " sessions in all")
            + " are served; try again later",
        limit);
  }
}
