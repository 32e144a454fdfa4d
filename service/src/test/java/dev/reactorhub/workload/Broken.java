package dev.reactorhub.workload;

/** The connection ended before what was asked for was done. */
public final class Broken extends Exception {
  private static final long serialVersionUID = 1;

  Broken(Throwable cause) {
    super(cause);
  }

  Broken(String message) {
    super(message);
  }
}
