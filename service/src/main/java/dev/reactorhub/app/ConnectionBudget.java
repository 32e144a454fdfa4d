package dev.reactorhub.app;

import dev.reactorhub.log.rocks.RocksEventLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * How many connections each port keeps, so that neither ever runs out of file descriptors: an
 * accept that fails for want of one ends the HTTP port for good, and the log needs them too.
 *
 * @param web of the port of HTTP
 * @param grpc of the port of gRPC; each may carry many sessions
 */
record ConnectionBudget(int web, int grpc) {
  /** With fewer connections on both ports the hub does not start. */
  static final int CONNECTIONS_MIN = 100;

  /**
   * What is open when the hub works, beside connections: the tables of the log, its write-ahead
   * files and those being written, libraries not yet loaded, selectors, what reading the host's
   * figures opens.
   */
  static final int RESERVE = RocksEventLog.OPEN_FILES_MAX + 128;

  /** The part of gRPC when not all connections fit that both ports may have. */
  private static final int GRPC_DIVISOR = 16;

  private static final int GRPC_MIN = 25;

  private static final Logger LOGGER = System.getLogger(ConnectionBudget.class.getName());

  /**
   * What a process may open.
   *
   * @param max all it may have open; {@link Long#MAX_VALUE}: no bound is known
   * @param open what it has open already
   */
  record Descriptors(long max, long open) {
    /** Of this process, now. Systems that do not count descriptors have no such attribute. */
    static Descriptors ofProcess() {
      try {
        return new Descriptors(count("MaxFileDescriptorCount"), count("OpenFileDescriptorCount"));
      } catch (JMException e) {
        return new Descriptors(Long.MAX_VALUE, 0);
      }
    }

    private static long count(String attribute) throws JMException {
      ObjectName system = new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME);
      return (Long) ManagementFactory.getPlatformMBeanServer().getAttribute(system, attribute);
    }
  }

  /**
   * Shares what fits between the ports; says so when that is less than the sessions allowed.
   *
   * @param wanted connections that each port may have if they fit
   * @throws IllegalStateException when hardly any fits
   */
  static ConnectionBudget of(Descriptors descriptors, int wanted, int sessionsMax) {
    long needed = descriptors.open() + RESERVE + 2L * wanted;
    if (needed <= descriptors.max()) {
      return new ConnectionBudget(wanted, wanted);
    }
    int fit = (int) (descriptors.max() - descriptors.open() - RESERVE);
    if (fit < CONNECTIONS_MIN) {
      throw new IllegalStateException(
          "the process may open "
              + descriptors.max()
              + " files, which leaves "
              + Math.max(0, fit)
              + " for connections: must be "
              + CONNECTIONS_MIN
              + " or more; allow at least "
              + (descriptors.open() + RESERVE + CONNECTIONS_MIN)
              + " files with ulimit -n");
    }
    // Whole sessions of HTTP first: one connection of gRPC serves as many as a program wants.
    int grpc = Math.max(GRPC_MIN, Math.max(fit / GRPC_DIVISOR, fit - wanted));
    ConnectionBudget budget = new ConnectionBudget(Math.min(wanted, fit - grpc), grpc);
    if (budget.web() < sessionsMax) {
      LOGGER.log(
          Level.WARNING,
          "sessions_do_not_fit limits.sessions="
              + sessionsMax
              + " connections="
              + budget.web()
              + " grpc_connections="
              + budget.grpc()
              + " files="
              + descriptors.max()
              + " remedy=allow "
              + needed
              + " files with ulimit -n, or lower limits.sessions");
    }
    return budget;
  }
}
