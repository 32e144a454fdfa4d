package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.app.LoopDisk.FileSystem;
import dev.reactorhub.workload.Workload;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The power is cut from the disk under the real process, again and again. */
@Tag("power")
final class PowerLossTest {
  private static final System.Logger LOGGER = System.getLogger(PowerLossTest.class.getName());

  /** Of each seed on each file system: 40 in all; HUB_TEST_ROUNDS=50 makes them 200. */
  private static final int CUTS = 10;

  private static final int CUTS_UNSYNCED = 5;
  private static final long LIFE_EVENTS_MAX = 300;
  private static final long MORE_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(20);

  /** Makes the system look as if it had been started anew: the file's text is its boot id. */
  private static final String WITH_BOOT_ID =
      "mount --bind \"$0\" /proc/sys/kernel/random/boot_id && exec \"$@\"";

  @TempDir Path directory;

  @ParameterizedTest(name = "{0}, seed {1}")
  @MethodSource("disks")
  void withFsyncNothingAcknowledgedIsLostAndNoPlaceIsGivenOutTwice(FileSystem disk, long seed)
      throws Exception {
    Workload.Result result = cutAgainAndAgain(disk, seed, Seeds.rounds(CUTS), "fsync");

    assertThat(result.violations()).as(Seeds.replay("power", seed)).isEmpty();
    assertThat(result.lost()).isZero();
    assertThat(result.gaps()).isZero();
    assertThat(result.delivered()).isGreaterThan(result.stored());
  }

  @Test
  void withoutFsyncWhatIsLostIsToldByAGapAndANewEpoch() throws Exception {
    long seed = Seeds.seeds().getFirst();
    Workload.Result result =
        cutAgainAndAgain(FileSystem.XFS, seed, Seeds.rounds(CUTS_UNSYNCED), "os");

    assertThat(result.violations()).as(Seeds.replay("power", seed)).isEmpty();
    // Else the disks of this test take nothing away, and the other test shows nothing.
    assertThat(result.lost()).isPositive();
    assertThat(result.gaps()).isGreaterThanOrEqualTo(Workload.SUBSCRIBERS);
  }

  private Workload.Result cutAgainAndAgain(
      FileSystem fileSystem, long seed, int cuts, String durability) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    try (LoopDisk disk = new LoopDisk(fileSystem, directory)) {
      HubProcess hub = start(disk, durability);
      try (Workload workload = new Workload(seed, hub.endpoint())) {
        for (int cut = 1; cut <= cuts; cut++) {
          workload.awaitAcknowledged(random.nextLong(LIFE_EVENTS_MAX));
          LockSupport.parkNanos(random.nextLong(MORE_NANOS_MAX));
          // Without power nothing leaves the machine. What the process says from here on does not
          // count: a sync that is under way while the disk goes may report success.
          workload.cutOff();
          disk.cutPower();
          LockSupport.parkNanos(random.nextLong(MORE_NANOS_MAX));
          hub.kill();
          disk.restorePower();
          hub = start(disk, durability);
          workload.moveTo(hub.endpoint());
        }
        Workload.Result result = workload.finish();
        LOGGER.log(
            Level.INFO,
            "cuts={0} disk={1} durability={2} seed={3} {4}",
            cuts,
            fileSystem,
            durability,
            Long.toString(seed),
            result.summary());
        return result;
      } finally {
        hub.kill();
      }
    }
  }

  private HubProcess start(LoopDisk disk, String durability) throws IOException {
    Path bootId = directory.resolve("boot_id");
    Files.writeString(bootId, UUID.randomUUID() + "\n", StandardCharsets.US_ASCII);
    List<String> options = new ArrayList<>(Workload.OPTIONS);
    options.addAll(List.of("--set", "log.durability=" + durability));
    return HubProcess.start(
        HubLaunch.QUICK.wrappedIn("unshare", "-m", "sh", "-c", WITH_BOOT_ID, bootId.toString()),
        disk.data(),
        options.toArray(String[]::new));
  }

  static Stream<Arguments> disks() {
    return Stream.of(FileSystem.values())
        .flatMap(disk -> Seeds.seeds().stream().map(seed -> Arguments.of(disk, seed)));
  }
}
