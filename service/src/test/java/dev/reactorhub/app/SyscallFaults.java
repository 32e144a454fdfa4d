package dev.reactorhub.app;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What strace makes of the syncs of a hub's process, until it is closed. */
final class SyscallFaults implements AutoCloseable {
  private static final Duration SOON = Duration.ofMinutes(1);

  private final Process strace;

  private SyscallFaults(Process strace) {
    this.strace = strace;
  }

  /**
   * Returns once it is so: while the hub syncs now and then.
   *
   * @param directory for what strace has to say
   * @param fault {@code error=EIO}, or {@code delay_enter=} and microseconds
   */
  static SyscallFaults inject(HubProcess hub, Path directory, String fault) throws IOException {
    Path said = directory.resolve("strace");
    Process strace =
        new ProcessBuilder(
                List.of(
                    "strace",
                    "-f",
                    "-o",
                    said.toString(),
                    "-e",
                    "trace=fdatasync,fsync",
                    "-e",
                    "inject=fdatasync,fsync:" + fault,
                    "-p",
                    String.valueOf(hub.pid())))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("strace.err").toFile())
            .start();
    await().atMost(SOON).until(() -> Files.exists(said) && Files.size(said) > 0);
    return new SyscallFaults(strace);
  }

  @Override
  public void close() {
    strace.destroy();
    strace.onExit().join();
  }
}
