package dev.reactorhub.observe;

import dev.reactorhub.tally.Histogram;
import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.Collector.MetricFamilySamples.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Puts together families of metrics for one scrape. One thread. */
final class Families {
  private static final String TOTAL = "_total";

  private final List<Family> all = new ArrayList<>();

  /** Everything added so far. */
  List<MetricFamilySamples> all() {
    // Made once they are filled: the client copies the samples of a counter.
    return all.stream()
        .map(f -> new MetricFamilySamples(f.name(), f.type(), f.help(), f.samples()))
        .toList();
  }

  /** A value that goes up and down. */
  void gauge(String name, String help, Number value) {
    gauges(name, help).add(value);
  }

  /** A count since the start; {@code _total} is added to its name. */
  void counter(String name, String help, Number value) {
    counters(name, help).add(value);
  }

  /** Something told by its label alone, always 1; {@code _info} is added to its name. */
  void info(String name, String help, String label, String value) {
    family(name, Collector.Type.INFO, help, List.of(label)).sample("_info", List.of(value), 1);
  }

  /** Gauges told apart by labels. */
  Family gauges(String name, String help, String... labels) {
    return family(name, Collector.Type.GAUGE, help, List.of(labels));
  }

  /** Counters told apart by labels. */
  Family counters(String name, String help, String... labels) {
    return family(name, Collector.Type.COUNTER, help, List.of(labels));
  }

  /** Histograms told apart by labels. */
  Family histograms(String name, String help, String... labels) {
    return family(name, Collector.Type.HISTOGRAM, help, List.of(labels));
  }

  private Family family(String name, Collector.Type type, String help, List<String> labels) {
    Family family = new Family(name, type, help, labels, new ArrayList<>());
    all.add(family);
    return family;
  }

  /**
   * One family that is being filled.
   *
   * @param help one sentence
   * @param labels the names, none or one
   * @param samples of the family
   */
  record Family(
      String name, Collector.Type type, String help, List<String> labels, List<Sample> samples) {
    /** The only value. */
    void add(Number value) {
      sample(type == Collector.Type.COUNTER ? TOTAL : "", List.of(), value.doubleValue());
    }

    /** The value of one label. */
    void add(String label, Number value) {
      sample(type == Collector.Type.COUNTER ? TOTAL : "", List.of(label), value.doubleValue());
    }

    /** The only histogram, in a unit of which so many make the one of the family. */
    void add(Histogram histogram, double units) {
      addHistogram(List.of(), histogram.snapshot(), units);
    }

    /** A value for each constant, whose name in lower case is the label. */
    <E extends Enum<E>> void each(Class<E> kinds, Function<E, Number> value) {
      for (E kind : kinds.getEnumConstants()) {
        sample(
            type == Collector.Type.COUNTER ? TOTAL : "",
            label(kind),
            value.apply(kind).doubleValue());
      }
    }

    /** A histogram for each constant. */
    <E extends Enum<E>> void each(Class<E> kinds, Function<E, Histogram> value, double units) {
      for (E kind : kinds.getEnumConstants()) {
        addHistogram(label(kind), value.apply(kind).snapshot(), units);
      }
    }

    private void addHistogram(List<String> values, Histogram.Snapshot snapshot, double units) {
      List<String> names = new ArrayList<>(labels);
      names.add("le");
      for (int i = 0; i < snapshot.cumulative().size(); i++) {
        List<String> bucket = new ArrayList<>(values);
        bucket.add(
            i == snapshot.bounds().size()
                ? "+Inf"
                : Collector.doubleToGoString(snapshot.bounds().get(i) / units));
        samples.add(
            new Sample(
                name + "_bucket", names, bucket, snapshot.cumulative().get(i).doubleValue()));
      }
      sample("_count", values, (double) snapshot.count());
      sample("_sum", values, snapshot.sum() / units);
    }

    private void sample(String suffix, List<String> values, double value) {
      samples.add(new Sample(name + suffix, labels, values, value));
    }

    private static List<String> label(Enum<?> kind) {
      return List.of(kind.name().toLowerCase(Locale.ROOT));
    }
  }
}
