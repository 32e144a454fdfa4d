package dev.reactorhub.config;

import java.util.List;

/** What came of reading the configuration. */
public sealed interface ConfigResult {
  /** Everything is in order. */
  record Loaded(HubConfig config) implements ConfigResult {}

  /** All that is wrong, one or more. */
  record Refused(List<ConfigProblem> problems) implements ConfigResult {
    /** Copies the list. */
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
