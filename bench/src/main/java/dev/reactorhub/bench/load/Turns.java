package dev.reactorhub.bench.load;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How one client takes from several servers: again and again from each in turn, so that it is as
 * warm for one as for the other, and both see the machine as it is at that moment.
 *
 * @param warmUpSeconds together, before anything is measured
 * @param count measurements of each server
 * @param seconds of each measurement
 */
record Turns(int warmUpSeconds, int count, int seconds) {
  /** What starting the client, and ending what a measurement has begun, takes at most. */
  private static final int SLACK_SECONDS = 60;

  /** One server. */
  interface Server {
    /** Takes for so long; a report of that. */
    String take(long seconds) throws InterruptedException;
  }

  /** From the first three of a program's arguments. */
  static Turns parse(String[] arguments) {
    return new Turns(
        Integer.parseInt(arguments[0]),
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]));
  }

  /** What {@link #parse} reads. */
  List<Object> arguments() {
    return List.of(warmUpSeconds, count, seconds);
  }

  /** Prints a report for each measurement. */
  void run(List<Server> servers) throws InterruptedException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(warmUpSeconds)) {
      for (Server server : servers) {
        var _ = server.take(1);
      }
    }
    for (int turn = 0; turn < count; turn++) {
      for (Server server : servers) {
        System.out.println(server.take(seconds));
      }
    }
  }

  /** How long a run may take. */
  int secondsMax(int servers) {
    return warmUpSeconds + servers * count * seconds + SLACK_SECONDS;
  }
}
