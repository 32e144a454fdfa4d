package dev.reactorhub.app;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * What chance decides in a long test: one seed that is always the same, and a fresh one. Set {@code
 * HUB_TEST_SEED} to play one again, {@code HUB_TEST_ROUNDS} to play fewer or more rounds.
 */
final class Seeds {
  private static final long FIXED = 20_261_124;

  private Seeds() {}

  static List<Long> seeds() {
    String given = System.getenv("HUB_TEST_SEED");
    return given == null
        ? List.of(FIXED, RandomGenerator.getDefault().nextLong(1, Integer.MAX_VALUE))
        : List.of(Long.parseLong(given));
  }

  static int rounds(int otherwise) {
    String given = System.getenv("HUB_TEST_ROUNDS");
    return given == null ? otherwise : Integer.parseInt(given);
  }

  /** The command that plays a seed again. */
  static String replay(String suite, long seed) {
    return "HUB_TEST_SEED=" + seed + " ./hub test " + suite;
  }
}
