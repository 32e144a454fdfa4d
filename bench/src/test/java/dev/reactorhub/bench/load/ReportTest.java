package dev.reactorhub.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.reactorhub.bench.load.Result.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReportTest {
  @Test
  void theMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
    assertThat(Result.median(3, 1, 2)).isEqualTo(2);
    assertThat(Result.median(4, 1, 2, 3)).isEqualTo(2.5);
    assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(Result::median);
  }

  @Test
  void aTargetIsMetAtItsBound() {
    assertThat(Target.atLeast(0.95).isMetBy(0.95)).isTrue();
    assertThat(Target.atLeast(0.95).isMetBy(0.94)).isFalse();
    assertThat(Target.atMost(1.3).isMetBy(1.3)).isTrue();
    assertThat(Target.atMost(1.3).isMetBy(1.31)).isFalse();
    assertThat(Target.none().isMetBy(9)).isTrue();
  }

  @Test
  void onlyThePairsCountAndTheirMedianIsTheResult() throws IOException {
    double[] hub = {10, 30, 20};
    int[] turn = {0};

    Result result =
        new Pairs("events/s", report -> report.get("per_s").asDouble())
            .measure(
                new Workload.Effort(3, 1),
                () -> WsLoad.report("{\"per_s\":10}"),
                () -> WsLoad.report("some text\n{\"per_s\":" + hub[turn[0]++] + "}"))
            .result("w", "r", Target.atLeast(2));

    assertThat(result.ratio()).isEqualTo(2);
    assertThat(result.isMet()).isTrue();
    assertThat(result.figures()).first().isEqualTo("10 to 10 events/s");
  }

  @Test
  void whatGoesWrongAtTheHubIsItsResultWhateverTheRatio() throws IOException {
    Result result =
        new Pairs("p99 ms", report -> report.get("p99").asDouble())
            .measure(
                new Workload.Effort(1, 1),
                () -> WsLoad.report("{\"p99\":10,\"missing\":0}"),
                () -> WsLoad.report("{\"p99\":1,\"missing\":3,\"dups\":1}"))
            .result("w", "r", Target.atMost(1));

    assertThat(result.isMet()).isFalse();
    assertThat(result.faults()).containsExactly("missing 3", "dups 1");
  }

  @Test
  void aReferenceThatFailsIsNotComparedWith() {
    Pairs pairs = new Pairs("p99 ms", report -> report.get("p99").asDouble());

    assertThatExceptionOfType(CannotRunException.class)
        .isThrownBy(
            () ->
                pairs.measure(
                    new Workload.Effort(1, 1),
                    () -> WsLoad.report("{\"p99\":1,\"dead\":2}"),
                    () -> WsLoad.report("{\"p99\":1}")))
        .withMessageContaining("dead 2");
  }

  @Test
  void aProgramThatPrintsNoReportIsNamed() {
    assertThatExceptionOfType(CannotRunException.class)
        .isThrownBy(() -> WsLoad.report("no luck"))
        .withMessageContaining("no luck");
  }

  @Test
  void theTableSaysWhatWasMetAndIsWritten(@TempDir Path folder) throws IOException {
    Report report =
        new Report(
            "2026-01-31-abc",
            List.of(
                new Result(
                    "ws-1", "one write each", 0.958, Target.atLeast(0.95), List.of("a"), List.of()),
                new Result(
                    "ws-rate", "one write each", 2, Target.atMost(1.3), List.of("b"), List.of())),
            List.of("grpc: no port"));

    report.write(folder);

    assertThat(report.isAllMet()).isFalse();
    assertThat(Files.readString(folder.resolve("2026-01-31-abc.md")))
        .contains("| ws-1 | one write each | 0.958 | ≥ 0.95 | yes |")
        .contains("| ws-rate | one write each | 2 | ≤ 1.3 | no |")
        .contains("- ws-1: a")
        .contains("- could not run grpc: no port");
    assertThat(folder.resolve("2026-01-31-abc.json")).content().contains("\"ratio\" : 0.958");
  }
}
