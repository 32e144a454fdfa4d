package dev.reactorhub.client;

import static dev.reactorhub.client.Clients.clientOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.testing.FakeHub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class PositionStoreTest {
  private final FakeHub hub = FakeHub.start();
  private final ReactorClient client = clientOf(hub).build();

  @AfterEach
  void close() {
    client.close();
    hub.close();
  }

  /** Takes events until so many have come; those taken are handled when the next is asked for. */
  private List<Long> take(StartAt start, int count) {
    List<Long> seqs = new ArrayList<>();
    try (EventStream stream = client.subscribe(Filter.defaultChannel(), start)) {
      while (seqs.size() < count && stream.hasNext()) {
        if (stream.next() instanceof Event event) {
          seqs.add(event.seq());
        }
      }
    }
    return seqs;
  }

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      hub.publish("a", "{}");
    }
  }

  @Test
  void aSubscriptionGoesOnAfterWhatWasHandled() {
    publish(5);
    PositionStore store = PositionStore.inMemory();
    StartAt start = StartAt.stored(store, StartAt.earliest());

    assertThat(take(start, 3)).containsExactly(1L, 2L, 3L);
    // The third was taken, but nobody came back for another one: it may not have been handled.
    assertThat(take(start, 3)).containsExactly(3L, 4L, 5L);
  }

  @Test
  void aListenersPositionIsSavedOnceItHasReturned() throws Exception {
    publish(2);
    PositionStore store = PositionStore.inMemory();
    CountDownLatch release = new CountDownLatch(1);
    Subscription subscription =
        client.subscribe(
            Filter.defaultChannel(),
            StartAt.stored(store, StartAt.earliest()),
            event -> {
              if (event.seq() == 2) {
                release.await();
              }
            });
    await().until(() -> subscription.position().equals(Optional.of("fake1.1")));
    subscription.close();
    assertThat(store.load()).contains("fake1.1");

    release.countDown();
    subscription.ended().join();

    assertThat(store.load()).contains("fake1.2");
  }

  @Test
  void whatDoesNotMatchMovesTheStoredPositionToo() throws Exception {
    PositionStore store = PositionStore.inMemory();
    try (ReactorClient eager = clientOf(hub).positionSaveInterval(Duration.ofMillis(20)).build()) {
      eager.subscribe(
          Filter.channels("other"), StartAt.stored(store, StartAt.latest()), event -> {});
      hub.awaitSubscriptions(1, Duration.ofSeconds(10));
      publish(4);
      hub.heartbeat();

      await().until(() -> store.load().equals(Optional.of("fake1.4")));
    }
  }

  @Test
  void theStoreIsNotWrittenToMoreOftenThanAllowed() {
    publish(100);
    List<String> saved = new CopyOnWriteArrayList<>();
    PositionStore store = recording(saved);
    FakeTiming timing = new FakeTiming();
    try (ReactorClient still = clientOf(hub).build(timing);
        EventStream stream =
            still.subscribe(Filter.defaultChannel(), StartAt.stored(store, StartAt.earliest()))) {
      for (int taken = 0; taken < 100; ) {
        taken += stream.next() instanceof Event ? 1 : 0;
      }
      assertThat(saved).hasSizeLessThan(3);

      timing.advance(Duration.ofSeconds(1));
      hub.publish("a", "{}");
      assertThat(stream.next()).isNotNull();
      assertThat(stream.next()).isNotNull();
    }
    assertThat(saved).hasSizeLessThan(5).last().isEqualTo("fake1.100");
  }

  @Test
  void withoutAnIntervalEachEventIsSaved() {
    publish(3);
    List<String> saved = new CopyOnWriteArrayList<>();
    try (ReactorClient eager = clientOf(hub).positionSaveInterval(Duration.ZERO).build();
        EventStream stream =
            eager.subscribe(
                Filter.defaultChannel(), StartAt.stored(recording(saved), StartAt.earliest()))) {
      for (int i = 0; i < 5; i++) {
        stream.next();
      }
      assertThat(saved).contains("fake1.1", "fake1.2", "fake1.3");
    }
  }

  private static PositionStore recording(List<String> saved) {
    return new PositionStore() {
      @Override
      public Optional<String> load() {
        return Optional.empty();
      }

      @Override
      public void save(String position) {
        saved.add(position);
      }
    };
  }

  @Test
  void aStoreThatCannotBeReadEndsTheSubscription() {
    PositionStore broken =
        new PositionStore() {
          @Override
          public Optional<String> load() throws IOException {
            throw new IOException("the disk is gone");
          }

          @Override
          public void save(String position) {}
        };
    EventStream stream =
        client.subscribe(Filter.defaultChannel(), StartAt.stored(broken, StartAt.earliest()));

    assertThatThrownBy(stream::hasNext)
        .isInstanceOf(ReactorException.PositionLost.class)
        .hasMessageContaining("the disk is gone");
    assertThatThrownBy(stream::hasNext).isInstanceOf(ReactorException.PositionLost.class);
  }

  @Test
  void aStoreThatCannotBeWrittenToIsTriedAgain() throws Exception {
    publish(1);
    List<String> saved = new CopyOnWriteArrayList<>();
    PositionStore moody =
        new PositionStore() {
          private boolean hasFailed;

          @Override
          public Optional<String> load() {
            return Optional.empty();
          }

          @Override
          public void save(String position) throws IOException {
            if (!hasFailed) {
              hasFailed = true;
              throw new IOException("full");
            }
            saved.add(position);
          }
        };
    try (ReactorClient eager = clientOf(hub).positionSaveInterval(Duration.ofMillis(5)).build()) {
      eager.subscribe(
          Filter.defaultChannel(), StartAt.stored(moody, StartAt.earliest()), event -> {});

      await().until(() -> saved.equals(List.of("fake1.1")));
    }
  }

  @Test
  void aFileHoldsThePositionAndNothingElse(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("news.position");
    PositionStore store = PositionStore.file(file);
    assertThat(store.load()).isEmpty();

    store.save("k3x9.1");
    store.save("k3x9.1042");

    assertThat(Files.readString(file)).isEqualTo("k3x9.1042\n");
    assertThat(PositionStore.file(file).load()).contains("k3x9.1042");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aFileThatHoldsNoPositionIsNoFreshStart(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("news.position");
    Files.writeString(file, "");

    assertThatThrownBy(() -> PositionStore.file(file).load())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("must be one line");
  }

  @Test
  void aCrashWhileSavingLeavesTheOldPosition(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("news.position");
    PositionStore.file(file).save("k3x9.1");
    // What a crash leaves behind: the next file, half written.
    Files.writeString(directory.resolve("news.position.next"), "k3");

    assertThat(PositionStore.file(file).load()).contains("k3x9.1");
    PositionStore.file(file).save("k3x9.2");
    assertThat(PositionStore.file(file).load()).contains("k3x9.2");
  }

  @Test
  void aStoreCannotStandForWhereToBegin() {
    StartAt stored = StartAt.stored(PositionStore.inMemory(), StartAt.latest());

    assertThatThrownBy(() -> StartAt.stored(PositionStore.inMemory(), stored))
        .hasMessage("whenEmpty is a store as well: must be a fixed start");
  }
}
