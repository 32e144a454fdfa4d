package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.Consumer;
import dev.reactorhub.client.NewEvent;
import dev.reactorhub.client.PublishStream;
import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.workload.TwoConsumers;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two clients of one durable consumer against the real process, of which one is lost. */
@Tag("world")
@Timeout(120)
final class ConsumerSurvivorTest {
  private static final System.Logger LOGGER =
      System.getLogger(ConsumerSurvivorTest.class.getName());
  private static final int EVENTS = 200;
  private static final int CHANNELS = 20;

  /** The survivor goes on within this. */
  private static final Duration SURVIVOR_MAX = Duration.ofSeconds(5);

  @Test
  void whatALostClientHadGoesToTheOtherAndAPoisonEventIsParkedWithItsError(@TempDir Path data)
      throws Exception {
    try (HubProcess hub = HubProcess.start(HubLaunch.QUICK, data);
        TwoConsumers consumers = new TwoConsumers(hub.endpoint())) {
      consumers.publish(200);
      consumers.awaitBothBusy();
      long millis = consumers.killOneAndAwaitItsEventsAtTheOther();
      LOGGER.log(Level.INFO, "the survivor had the first event of the other after {0} ms", millis);
      assertThat(consumers.letterOfTheRejected()).isEqualTo("cannot be read");
      assertThat(consumers.dealtWith()).isEqualTo(199);
    }
  }

  @Test
  void whatAProgramHadThatIsKilledGoesToTheOtherOfItsNameAndNothingIsLost(@TempDir Path data)
      throws Exception {
    Set<String> dealtWith = ConcurrentHashMap.newKeySet();
    try (HubProcess hub = HubProcess.start(HubLaunch.QUICK, data);
        ReactorClient client = ReactorClient.builder("127.0.0.1:" + hub.grpcPort()).build()) {
      Process victim = ConsumingProcess.start(hub.grpcPort());
      try (BufferedReader lines = victim.inputReader(StandardCharsets.UTF_8)) {
        assertThat(lines.readLine()).isEqualTo("open");
        publish(client);
        Set<String> dealtWithByVictim = new HashSet<>();
        String held = readUntilHeld(lines, dealtWithByVictim);
        try (Consumer survivor =
            client.consume(
                ConsumingProcess.spec().concurrency(4).build(),
                consumed -> dealtWith.add(consumed.event().dataJson()))) {
          await().until(() -> !dealtWith.isEmpty());
          assertThat(dealtWith).doesNotContain(held);
          long killedNanos = System.nanoTime();
          victim.destroyForcibly().onExit().join();
          await()
              .pollInterval(Duration.ofMillis(1))
              .atMost(SURVIVOR_MAX)
              .until(() -> dealtWith.contains(held));
          LOGGER.log(
              Level.INFO,
              "the survivor had the event of the killed program after {0} ms",
              Duration.ofNanos(System.nanoTime() - killedNanos).toMillis());
          dealtWith.addAll(dealtWithByVictim);
          await().until(() -> dealtWith.size() == EVENTS);
          assertThat(survivor.ended()).isNotDone();
        }
        assertThat(client.consumers().get("pair").lag()).isZero();
      } finally {
        victim.destroyForcibly();
      }
    }
  }

  private static void publish(ReactorClient client) {
    try (PublishStream stream = client.publishStream()) {
      IntStream.range(0, EVENTS)
          .mapToObj(i -> NewEvent.builder("t").channel("pair." + i % CHANNELS).dataJson("" + i))
          .forEach(
              event -> {
                var _ = stream.send(event.build());
              });
    }
  }

  /** What the program holds; what it has dealt with before is noted. */
  private static String readUntilHeld(BufferedReader lines, Set<String> dealtWith)
      throws IOException {
    String line = lines.readLine();
    while (line.startsWith("done ")) {
      dealtWith.add(line.substring("done ".length()));
      line = lines.readLine();
    }
    assertThat(line).startsWith("holds ");
    return line.substring("holds ".length());
  }
}
