package dev.reactorhub.app;

import java.util.List;
import java.util.Map;

/**
 * How a hub's process is started.
 *
 * @param wrapper a command that runs the command behind it, and becomes it: {@code sh -c "ulimit -n
 *     600; exec \"$@\"" sh}; empty: none
 * @param jvmOptions options for the JVM
 * @param environment variables set beside the test's own
 */
record HubLaunch(List<String> wrapper, List<String> jvmOptions, Map<String, String> environment) {
  static final HubLaunch PLAIN = new HubLaunch(List.of(), List.of(), Map.of());

  /** Quick to start, not the quickest once it runs. */
  static final HubLaunch QUICK =
      PLAIN.withJvmOptions("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  HubLaunch {
    wrapper = List.copyOf(wrapper);
    jvmOptions = List.copyOf(jvmOptions);
    environment = Map.copyOf(environment);
  }

  HubLaunch wrappedIn(String... command) {
    return new HubLaunch(List.of(command), jvmOptions, environment);
  }

  HubLaunch withJvmOptions(String... options) {
    return new HubLaunch(wrapper, List.of(options), environment);
  }

  HubLaunch withEnvironment(Map<String, String> variables) {
    return new HubLaunch(wrapper, jvmOptions, variables);
  }
}
