package dev.reactorhub.cli;

import dev.reactorhub.config.HubConfig;
import java.io.PrintWriter;

/** Runs a hub: what the composition root does for {@code hub run}. */
@FunctionalInterface
public interface Runner {
  /**
   * Starts a hub and returns once it has stopped. Called once, by the main thread.
   *
   * @param out for what people want to see, for example where the hub serves
   * @return the exit code of the process
   * @throws Exception if the hub cannot start or fails; its message goes to standard error, exit
   *     code 1
   */
  int run(HubConfig config, PrintWriter out) throws Exception;
}
