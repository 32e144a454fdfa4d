package dev.reactorhub.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.client.testing.FakeHub;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client in a program of Java 17; in one of the tests' own Java where there is no other. */
final class Java17Test {
  @Test
  @Timeout(60)
  void aProgramPublishesSubscribesAndConsumes(@TempDir Path directory) throws Exception {
    Path output = directory.resolve("output");
    try (FakeHub hub = FakeHub.start()) {
      Process program =
          new ProcessBuilder(
                  java().toString(),
                  "-cp",
                  classPath(),
                  Java17Program.class.getName(),
                  hub.endpoint())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try {
        assertThat(program.waitFor(50, SECONDS)).isTrue();
      } finally {
        program.destroyForcibly();
      }
      String printed = Files.readString(output, UTF_8);
      assertThat(printed)
          .contains("stored fake1.1")
          .contains("streamed fake1.2")
          .contains("heard {\"n\":1}")
          .contains("flowed Connected")
          .contains("consumed fake1.1 attempt 1");
      assertThat(program.exitValue()).as(printed).isZero();
      assertThat(hub.consumer("seventeen").orElseThrow().acknowledged()).containsExactly(1L, 2L);
      assertThat(printed).contains("java " + javaVersion());
    }
  }

  private static Path java() throws IOException {
    return seventeen().orElse(Path.of(System.getProperty("java.home"))).resolve("bin/java");
  }

  private static String javaVersion() throws IOException {
    return seventeen().isPresent() ? "17" : "" + Runtime.version().feature();
  }

  private static java.util.Optional<Path> seventeen() throws IOException {
    Path all = Path.of("/usr/lib/jvm");
    if (!Files.isDirectory(all)) {
      return java.util.Optional.empty();
    }
    try (Stream<Path> homes = Files.list(all)) {
      return homes.sorted().filter(Java17Test::isSeventeen).findFirst();
    }
  }

  private static boolean isSeventeen(Path home) {
    try {
      return Files.isExecutable(home.resolve("bin/java"))
          && Files.isRegularFile(home.resolve("release"))
          && Files.readString(home.resolve("release")).contains("JAVA_VERSION=\"17");
    } catch (IOException e) {
      return false;
    }
  }

  /** What the tests run with, whether as modules or not, and the classes of these tests. */
  private static String classPath() {
    return Stream.of("java.class.path", "jdk.module.path", "surefire.test.class.path")
        .map(name -> System.getProperty(name, ""))
        .filter(path -> !path.isEmpty())
        .reduce(Path.of("target/test-classes").toAbsolutePath().toString(), Java17Test::join);
  }

  private static String join(String one, String other) {
    return String.join(File.pathSeparator, List.of(one, other));
  }
}
