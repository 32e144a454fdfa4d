package dev.reactorhub.cli;

import dev.reactorhub.config.HubConfig;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Reads the configuration and runs a hub. Its options are written by picocli, before the call. */
@Command(name = "run", description = "Start the hub, until Ctrl-C.")
final class RunCommand implements Callable<Integer> {
  private final Runner runner;
  private final Map<String, String> environment;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private HubOptions options = new HubOptions();

  RunCommand(Runner runner, Map<String, String> environment) {
    this.runner = runner;
    this.environment = environment;
  }

  @Override
  public Integer call() throws Exception {
    Optional<HubConfig> config = options.load(environment, Terminal.err(spec));
    return config.isPresent() ? runner.run(config.get(), Terminal.out(spec)) : ExitCode.USAGE;
  }
}
