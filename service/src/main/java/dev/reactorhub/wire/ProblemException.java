package dev.reactorhub.wire;

import java.util.function.Supplier;

/** Ends the handling of a request that cannot be served; each face answers it in one place. */
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  /** Carries what to answer. */
  public ProblemException(Problem problem) {
    super(problem.code().code() + ": " + problem.message(), null, false, false);
    this.problem = problem;
  }

  /** Carries what to answer. */
  public ProblemException(ErrorCode code, String message) {
    this(Problem.of(code, message));
  }

  /**
   * Reads a field of a request.
   *
   * @param field its name
   * @param read reads it
   * @throws ProblemException the one of {@code read}, which then names the field
   */
  public static <T> T at(String field, Supplier<T> read) {
    try {
      return read.get();
    } catch (ProblemException e) {
      throw new ProblemException(e.problem().at(field));
    }
  }

  /** What to answer. */
  public Problem problem() {
    return problem;
  }
}
