package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher does itself. */
final class LauncherTest {
  @TempDir Path path;

  @Test
  void whereNothingBuildsImagesItSaysWhatToInstall() throws Exception {
    for (String builder : List.of("docker", "podman", "buildah")) {
      Path broken = path.resolve(builder);
      Files.writeString(broken, "#!/bin/sh\nexit 1\n");
      Files.setPosixFilePermissions(broken, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    Ended ended = hub("image");

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.printed())
        .startsWith("hub image needs docker, podman or buildah, and none of them works here")
        .contains("apt-get install podman");
  }

  @Test
  void anOptionOfImageThatDoesNotExistIsToldWithTheUsage() throws Exception {
    for (String option : List.of("--tag", "--name=x", "reactor-hub:1")) {
      Ended ended = hub("image", option);

      assertThat(ended.code()).as(option).isEqualTo(2);
      assertThat(ended.printed()).startsWith("Usage: hub image [--tag NAME] [-- OPTION…]");
    }
  }

  private record Ended(int code, String printed) {}

  private Ended hub(String... args) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(Path.of("../hub").toString());
    builder.command().addAll(List.of(args));
    builder.environment().merge("PATH", path + ":", (old, first) -> first + old);
    Process process = builder.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), printed);
  }
}
