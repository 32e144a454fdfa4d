package dev.reactorhub.client;

import java.lang.System.Logger.Level;

/** The client's one logger, and the calls of foreign code it guards. Never a payload. */
final class Logging {
  static final System.Logger LOG = System.getLogger("dev.reactorhub.client");

  /** Code of the client's user. */
  interface Foreign {
    void run() throws Exception;
  }

  private Logging() {}

  /**
   * Runs foreign code: what it throws, errors included, is logged and goes no further, for one
   * listener's fault must not cost the others their events.
   */
  static void contain(String what, Foreign code) {
    try {
      code.run();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.log(Level.ERROR, what, e);
    } catch (Throwable e) {
      LOG.log(Level.ERROR, what, e);
    }
  }
}
