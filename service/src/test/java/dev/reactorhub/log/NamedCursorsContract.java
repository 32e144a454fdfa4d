package dev.reactorhub.log;

import static dev.reactorhub.log.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine must do with named cursors. */
public abstract class NamedCursorsContract {
  private EventLog log;

  /** Opens a new, empty log. */
  protected abstract EventLog open(LogSettings settings);

  @BeforeEach
  void openLog() {
    log = open(LogSettings.DEFAULTS);
  }

  @AfterEach
  void closeLog() {
    log.close();
  }

  /** Stores a state, or forgets the name; fails unless it is durable. */
  static void store(EventLog log, String name, Optional<String> state) {
    Optional<byte[]> bytes = state.map(text -> text.getBytes(StandardCharsets.UTF_8));
    assertThat(log.cursors().store(Map.of(name, bytes)).join())
        .isEqualTo(new NamedCursors.Outcome.Stored());
  }

  /** What is kept, as text. */
  static Map<String, String> kept(EventLog log) {
    Map<String, String> texts = new TreeMap<>();
    log.cursors()
        .load()
        .forEach((name, state) -> texts.put(name, new String(state, StandardCharsets.UTF_8)));
    return texts;
  }

  @Test
  void aNewLogKeepsNone() {
    assertThat(kept(log)).isEmpty();
  }

  @Test
  void theNewestStateOfEachNameIsKeptUntilItIsForgotten() {
    store(log, "a", Optional.of("1"));
    store(log, "b-ü", Optional.of(""));
    store(log, "a", Optional.of("2"));
    assertThat(kept(log)).containsExactly(Map.entry("a", "2"), Map.entry("b-ü", ""));

    store(log, "a", Optional.empty());
    store(log, "never", Optional.empty());
    assertThat(kept(log)).containsExactly(Map.entry("b-ü", ""));
  }

  @Test
  void ofChangesThatWaitTogetherTheLastHolds() {
    List<CompletableFuture<NamedCursors.Outcome>> stored = new ArrayList<>();
    List<CompletableFuture<AppendResult>> appended = new ArrayList<>();
    for (int i = 1; i <= 500; i++) {
      byte[] state = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
      stored.add(log.cursors().store(Map.of("a", Optional.of(state))));
      appended.add(log.append(List.of(event("e" + i))));
    }
    stored.forEach(
        change -> assertThat(change.join()).isEqualTo(new NamedCursors.Outcome.Stored()));
    assertThat(appended.getLast().join())
        .isEqualTo(new AppendResult.Stored(List.of(new Appended("e500", 500, false))));
    assertThat(kept(log)).containsExactly(Map.entry("a", "500"));
  }

  @Test
  void theyTakeNoPlacesInTheLog() {
    store(log, "a", Optional.of("1"));
    assertThat(log.range().head()).isZero();
    assertThat(log.health()).isEqualTo(new LogHealth.Healthy());
  }

  @Test
  void noChangeAtAllIsTheCallersBug() {
    assertThatThrownBy(() -> log.cursors().store(Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aClosedLogRefusesThem() {
    log.close();
    assertThat(log.cursors().store(Map.of("a", Optional.empty())).join())
        .isEqualTo(new NamedCursors.Outcome.Refused(AppendResult.Reason.LOG_CLOSED));
  }
}
