package dev.reactorhub.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each test breaks one promise to a consumer; the checker must name it, and nothing else. */
final class ConsumptionCheckerTest {
  private static final Epoch EPOCH = new Epoch("now");
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  private final History history = new History();
  private final List<FinalLog.Entry> entries = new ArrayList<>();
  private long nanos;
  private final Consumption shared = consumption("c", false);
  private final Consumption exclusive = consumption("x", true);

  @Test
  void twoClientsThatShareAsPromisedHaveNoViolation() {
    stored("a", "b", "a", "other");
    Consumption.Stream one = opened(shared);
    Consumption.Stream two = opened(shared);
    given(one, 1, 1);
    given(two, 2, 1);
    given(one, 3, 1);
    one.acknowledging(events(1L), 1);
    one.confirmed(1, at(1));
    one.rejecting(events(3L));
    given(two, 3, 2);
    two.acknowledging(events(2L, 3L), 1);
    two.confirmed(1, at(4));

    assertThat(violations()).isEmpty();
  }

  @Test
  void anEventThatCountsAsDealtWithThoughNobodyWasGivenItIsFound() {
    stored("a", "a", "a");
    Consumption.Stream one = opened(shared);
    given(one, 1, 1);
    one.acknowledging(events(1L), 1);
    one.confirmed(1, at(1));
    one.told(at(2));

    assertThat(violations()).containsExactly("c: 2 counts as dealt with at now.2, nobody did");
  }

  @Test
  void anEventThatCountsAsDealtWithThoughItsClientGaveItBackIsFound() {
    stored("a");
    Consumption.Stream one = opened(shared);
    given(one, 1, 1);
    one.rejecting(events(1L));
    shared.told(at(1));

    assertThat(violations()).containsExactly("c: 1 counts as dealt with at now.1, nobody did");
  }

  @Test
  void aGapAndADeadLetterExcuseWhatTheyCoverAndNothingElse() {
    stored("a", "a", "a", "a");
    Consumption.Stream one = opened(shared);
    one.gap(at(0), at(2));
    shared.parked(at(3), new Consumption.Letter(event(3, "a"), 3, "bad"));
    one.told(at(4));

    assertThat(violations()).containsExactly("c: 4 counts as dealt with at now.4, nobody did");
  }

  @Test
  void aConfirmedEventThatIsGivenAgainOnItsStreamIsFound() {
    stored("a");
    Consumption.Stream one = opened(shared);
    given(one, 1, 1);
    one.acknowledging(events(1L), 1);
    one.confirmed(1, at(1));
    given(one, 1, 1);

    assertThat(violations())
        .containsExactly("c, stream 1: was given 1 again, whose acknowledgement was confirmed");
  }

  @Test
  void aConfirmedEventThatIsGivenAgainAfterACrashIsFound() {
    stored("a");
    Consumption.Stream one = opened(shared);
    given(one, 1, 1);
    one.acknowledging(events(1L), 1);
    one.confirmed(1, at(1));
    shared.moved();
    given(opened(shared), 1, 1);

    assertThat(violations())
        .containsExactly("c, stream 2: was given 1 again, whose acknowledgement was confirmed");
  }

  @Test
  void anEventThatWasOnItsWayToAnotherBeforeItWasConfirmedIsNoViolation() {
    stored("a");
    Consumption.Stream one = opened(shared);
    Consumption.Stream two = opened(shared);
    given(one, 1, 1);
    nanos += DEADLINE.toNanos();
    one.acknowledging(events(1L), 1);
    one.confirmed(1, at(1));
    given(two, 1, 2);

    assertThat(violations()).isEmpty();
  }

  @Test
  void anUnconfirmedAcknowledgementThatACrashForgotIsNoViolation() {
    stored("a");
    Consumption.Stream one = opened(shared);
    given(one, 1, 1);
    one.acknowledging(events(1L), 1);
    shared.moved();
    given(opened(shared), 1, 1);

    assertThat(violations()).isEmpty();
  }

  @Test
  void anEventBeforeAnotherOfItsChannelIsFoundAndOneOfAnotherChannelIsNot() {
    stored("a", "b", "a");
    Consumption.Stream one = opened(shared);
    given(one, 2, 1);
    given(one, 3, 1);

    assertThat(violations()).containsExactly("c, stream 1: was given 3 before 1 was dealt with");
  }

  @Test
  void anEventOfAChannelWhoseEarlierOneIsWithAnotherClientIsFound() {
    stored("a", "a");
    Consumption.Stream one = opened(shared);
    Consumption.Stream two = opened(shared);
    given(one, 1, 1);
    given(two, 2, 1);

    assertThat(violations()).containsExactly("c, stream 2: was given 2 before 1 was dealt with");
  }

  @Test
  void anEventOfAChannelWhoseEarlierOneWasGivenBackIsFound() {
    stored("a", "b", "a");
    Consumption.Stream one = opened(shared);
    given(one, 1, 1);
    given(one, 2, 1);
    one.rejecting(events(1L));
    one.acknowledging(events(2L), 1);
    one.confirmed(1, at(0));
    given(one, 3, 1);

    assertThat(violations()).containsExactly("c, stream 1: was given 3 before 1 was dealt with");
  }

  @Test
  void anExclusiveConsumerThatIsGivenAnotherChannelFirstIsFound() {
    stored("a", "b");
    given(opened(exclusive), 2, 1);

    assertThat(violations()).containsExactly("x, stream 1: was given 2 before 1 was dealt with");
  }

  @Test
  void anEventWithTwoClientsWithinItsDeadlineIsFound() {
    stored("a");
    Consumption.Stream one = opened(shared);
    Consumption.Stream two = opened(shared);
    given(one, 1, 1);
    given(two, 1, 1);

    assertThat(violations()).containsExactly("c: 1 was given to stream 2 while stream 1 had it");
  }

  @Test
  void anEventGoesToAnotherOnceItsClientGaveItBackLeftOrLetTheDeadlinePass() {
    stored("a", "b", "d");
    Consumption.Stream one = opened(shared);
    Consumption.Stream two = opened(shared);
    given(one, 1, 1);
    given(one, 2, 1);
    given(one, 3, 1);
    one.rejecting(events(1L));
    given(two, 1, 2);
    nanos += DEADLINE.toNanos();
    given(two, 2, 2);
    one.leaving();
    given(two, 3, 2);

    assertThat(violations()).isEmpty();
  }

  @Test
  void anAttemptThatDoesNotRiseWithAFailureIsFound() {
    stored("a", "b");
    Consumption.Stream one = opened(shared);
    given(one, 1, 1);
    given(one, 2, 1);
    one.rejecting(events(1L));
    one.acknowledging(events(2L), 1);
    one.confirmed(1, at(0));
    given(one, 1, 1);

    assertThat(violations()).containsExactly("c: attempt 1 of 1, which was rejected before");
  }

  @Test
  void anAttemptThatFallsAndOneBeyondTheLastAreFound() {
    stored("a", "b");
    Consumption.Stream one = opened(shared);
    given(one, 1, 3);
    given(one, 1, 2);
    given(one, 2, 4);

    assertThat(violations())
        .containsExactly("c: attempt 2 of 1 after 3", "c: attempt 4 of 2 is beyond its bounds");
  }

  @Test
  void anEventThatWasNotAskedForAndOneThatIsNotInTheLogAreFound() {
    stored("other");
    Consumption.Stream one = opened(shared);
    one.delivered(at(1), event(1, "other"), 1);
    one.delivered(at(2), event(2, "a"), 1);

    assertThat(violations())
        .hasSize(2)
        .anyMatch(found -> found.startsWith("c, stream 1: had not asked for Content[id=1"))
        .anyMatch(found -> found.startsWith("c, stream 1: was given now.2, in the log no such"));
  }

  @Test
  void aConsumerThatWasForgottenIsFound() {
    stored("a");
    opened(shared);
    shared.moved();
    shared.opening().opened(at(1), true);

    assertThat(violations()).containsExactly("c: was forgotten, and begins at now.1");
  }

  @Test
  void twoThatOpenAtOnceMayBeToldInAnyOrderWhichOneMadeIt() {
    stored("a");
    Consumption.Stream one = shared.opening();
    Consumption.Stream two = shared.opening();
    two.opened(at(0), false);
    one.opened(at(0), true);

    assertThat(violations()).isEmpty();
  }

  @Test
  void aConsumerOfAnotherLifeOfTheLogBeginsWhereItsGapEnds() {
    stored("a", "a");
    Position elsewhere = new Position(new Epoch("then"), 7);
    Consumption.Stream one = shared.opening();
    one.opened(elsewhere, true);
    one.delivered(elsewhere, event(9, "a"), 1);
    shared.moved();
    Consumption.Stream two = shared.opening();
    two.opened(elsewhere, false);
    two.gap(elsewhere, at(0));
    given(two, 2, 1);

    assertThat(violations()).containsExactly("c, stream 2: was given 2 before 1 was dealt with");
  }

  @Test
  void aDeadLetterTooEarlyOneWithoutAnErrorAndOneOfAnotherEventAreFound() {
    stored("a", "b", "d");
    shared.parked(at(1), new Consumption.Letter(event(1, "a"), 2, "bad"));
    shared.parked(at(2), new Consumption.Letter(event(2, "b"), 3, ""));
    shared.parked(at(3), new Consumption.Letter(event(2, "d"), 3, "bad"));

    assertThat(violations())
        .hasSize(3)
        .anyMatch(found -> found.startsWith("c: parked now.1 with"))
        .anyMatch(found -> found.startsWith("c: parked now.2 with"))
        .anyMatch(found -> found.startsWith("c: parked now.3 as Content[id=2"));
  }

  private Consumption consumption(String name, boolean isExclusive) {
    return history.consumption(
        new Consumption.Definition(
            name,
            content -> !content.channel().equals("other"),
            isExclusive,
            new Consumption.Limits(DEADLINE, 3)),
        () -> nanos);
  }

  private static Consumption.Stream opened(Consumption consumption) {
    Consumption.Stream stream = consumption.opening();
    stream.opened(at(0), false);
    return stream;
  }

  private void given(Consumption.Stream to, long seq, int attempt) {
    to.delivered(at(seq), entries.get((int) seq - 1).content(), attempt);
  }

  /** One event on each channel, from 1 on. */
  private void stored(String... channels) {
    for (String channel : channels) {
      long seq = entries.size() + 1L;
      entries.add(new FinalLog.Entry(seq, event(seq, channel)));
    }
  }

  private List<String> violations() {
    return HistoryChecker.violations(history, new FinalLog(EPOCH, entries, content -> true));
  }

  private static Position at(long seq) {
    return new Position(EPOCH, seq);
  }

  private static List<Position> events(Long... seqs) {
    return Stream.of(seqs).map(ConsumptionCheckerTest::at).toList();
  }

  private static Content event(long id, String channel) {
    return new Content(Long.toString(id), "t", channel, "x", Instant.EPOCH, "{}");
  }
}
