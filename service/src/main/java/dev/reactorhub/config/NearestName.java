package dev.reactorhub.config;

import java.util.Comparator;
import java.util.List;

/** Finds what somebody may have meant. */
final class NearestName {
  private NearestName() {}

  /** The name with the fewest letters to change, add or remove. */
  static String of(String written, List<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(name -> distance(written, name)))
        .orElseThrow(() -> new IllegalArgumentException("there are no names"));
  }

  /** Levenshtein's distance. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        int best = Math.min(diagonal + change, 1 + Math.min(row[j - 1], row[j]));
        diagonal = row[j];
        row[j] = best;
      }
    }
    return row[other.length()];
  }
}
