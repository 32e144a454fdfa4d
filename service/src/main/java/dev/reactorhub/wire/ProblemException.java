package dev.reactorhub.wire;

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

  /** What to answer. */
  public Problem problem() {
    return problem;
  }
}
