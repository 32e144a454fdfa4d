package dev.reactorhub.bench.load;

import java.util.Arrays;
import java.util.List;

/**
 * What one workload showed.
 *
 * @param workload its name
 * @param reference what stands for 1.0, in words
 * @param ratio the hub's figure over the reference's, the median of the pairs
 * @param target what the ratio is held to
 * @param figures the pairs and whatever else was seen, in words
 * @param faults what the hub did wrong meanwhile, in words: whatever the ratio, it is not met then
 */
record Result(
    String workload,
    String reference,
    double ratio,
    Target target,
    List<String> figures,
    List<String> faults) {

  Result {
    figures = List.copyOf(figures);
    faults = List.copyOf(faults);
  }

  boolean isMet() {
    return faults.isEmpty() && target.isMetBy(ratio);
  }

  /** The middle value, or the mean of the two in the middle. */
  static double median(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** A bound on a ratio. */
  sealed interface Target {
    boolean isMetBy(double ratio);

    static Target atLeast(double bound) {
      return new AtLeast(bound);
    }

    static Target atMost(double bound) {
      return new AtMost(bound);
    }

    /** Of what is measured to compare with. */
    static Target none() {
      return new None();
    }

    /** Reached or exceeded. */
    record AtLeast(double bound) implements Target {
      @Override
      public boolean isMetBy(double ratio) {
        return ratio >= bound;
      }

      @Override
      public String toString() {
        return "≥ " + Report.number(bound);
      }
    }

    /** Not exceeded. */
    record AtMost(double bound) implements Target {
      @Override
      public boolean isMetBy(double ratio) {
        return ratio <= bound;
      }

      @Override
      public String toString() {
        return "≤ " + Report.number(bound);
      }
    }

    /** Met by any ratio. */
    record None() implements Target {
      @Override
      public boolean isMetBy(double ratio) {
        return true;
      }

      @Override
      public String toString() {
        return "none";
      }
    }
  }
}
