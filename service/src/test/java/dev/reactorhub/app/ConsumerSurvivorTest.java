package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.workload.TwoConsumers;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two clients of one durable consumer against the real process, of which one is lost. */
@Tag("world")
final class ConsumerSurvivorTest {
  private static final System.Logger LOGGER =
      System.getLogger(ConsumerSurvivorTest.class.getName());

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
}
