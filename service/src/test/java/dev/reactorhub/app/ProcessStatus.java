package dev.reactorhub.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel tells of a process. */
record ProcessStatus(long pid) {
  /** The first number of a line of {@code /proc/PID/status}. */
  long first(String name) throws IOException {
    Path status = Path.of("/proc", String.valueOf(pid), "status");
    for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("\\w+:\\s+(\\d+).*", "$1"));
      }
    }
    throw new AssertionError("no " + name + " in " + status);
  }
}
