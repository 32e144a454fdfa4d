package dev.reactorhub.app;

/** The default settings, on free ports and in a directory of the test's own. */
final class TestSettings {
  private TestSettings() {}
}
