package dev.reactorhub.bench.load;

/** The benchmark could not be run; the message says why and what to do. */
final class CannotRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotRunException(String message) {
    super(message);
  }
}
