package dev.reactorhub.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Epoch;
import dev.reactorhub.event.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each test breaks one promise; the checker must name it, and nothing else. */
final class HistoryCheckerTest {
  private static final Epoch EPOCH = new Epoch("now");
  private static final Position START = new Position(EPOCH, 0);

  private final History history = new History();
  private final Publisher publisher = history.publisher("p");
  private final Subscriber subscriber =
      history.subscriber("s", content -> content.channel().equals("news"), START);
  private final List<FinalLog.Entry> entries = new ArrayList<>();

  @Test
  void aHistoryAsPromisedHasNoViolation() {
    stored(1, news("a"));
    stored(2, other("b"));
    stored(3, news("c"));
    subscriber.delivered(at(1), news("a"));
    subscriber.movedTo(at(2));
    subscriber.delivered(at(3), news("c"));
    publisher.published(news("c"), new Outcome.Acknowledged(at(3), true));
    publisher.published(news("d"), new Outcome.Unknown(Outcome.BROKEN));
    publisher.published(news("e"), new Outcome.Refused("log_full"));

    assertThat(violations()).isEmpty();
  }

  @Test
  void anAcknowledgedEventThatTheLogLostIsFound() {
    stored(1, news("a"));
    publisher.published(news("b"), new Outcome.Acknowledged(at(2), false));

    assertThat(violations()).containsExactly("p: acknowledged at now.2, lost: b");
  }

  @Test
  void anAcknowledgedPositionThatHoldsAnotherEventIsFound() {
    stored(1, news("a"));
    publisher.published(news("b"), new Outcome.Acknowledged(at(1), false));

    assertThat(violations())
        .anyMatch(found -> found.startsWith("p: now.1 is Content[id=b"))
        .anyMatch(found -> found.startsWith("p: acknowledged at 1 after 1"));
  }

  @Test
  void acknowledgementsOutOfOrderAreFound() {
    entries.add(new FinalLog.Entry(1, news("a")));
    entries.add(new FinalLog.Entry(2, news("b")));
    publisher.published(news("b"), new Outcome.Acknowledged(at(2), false));
    publisher.published(news("a"), new Outcome.Acknowledged(at(1), false));

    assertThat(violations()).containsExactly("p: acknowledged at 1 after 2");
  }

  @Test
  void anEventThatNobodyPublishedIsFound() {
    entries.add(new FinalLog.Entry(1, news("a")));

    assertThat(violations())
        .singleElement()
        .asString()
        .startsWith("the log has at 1 what nobody published");
  }

  @Test
  void aRefusedEventInTheLogIsFound() {
    entries.add(new FinalLog.Entry(1, news("a")));
    publisher.published(news("a"), new Outcome.Refused("log_full"));

    assertThat(violations()).containsExactly("the log has at 1 what was refused: p, log_full");
  }

  @Test
  void anIdThatIsStoredTwiceIsFound() {
    stored(1, news("a"));
    entries.add(new FinalLog.Entry(2, news("a")));

    assertThat(violations()).containsExactly("the log has a at 1 and at 2");
  }

  @Test
  void aHoleInTheLogIsFound() {
    stored(1, news("a"));
    stored(3, news("b"));

    assertThat(violations()).containsExactly("the log has 3 where 2 is due");
  }

  @Test
  void aMissedEventIsFoundBeforeADeliveryAndBeforeAPosition() {
    stored(1, news("a"));
    stored(2, news("b"));
    stored(3, news("c"));
    subscriber.delivered(at(2), news("b"));
    subscriber.movedTo(at(3));

    assertThat(violations())
        .containsExactly("s: missed 1, between now.0 and 1", "s: missed 3, between now.2 and 3");
  }

  @Test
  void anEventThatCameTwiceAndOneOutOfOrderAreFound() {
    stored(1, news("a"));
    stored(2, news("b"));
    subscriber.delivered(at(1), news("a"));
    subscriber.delivered(at(2), news("b"));
    subscriber.delivered(at(2), news("b"));
    subscriber.delivered(at(1), news("a"));

    assertThat(violations())
        .containsExactly("s: now.2 came after now.2", "s: now.1 came after now.2");
  }

  @Test
  void anEventThatTheLogDoesNotHaveIsFound() {
    stored(1, news("a"));
    subscriber.delivered(at(1), news("a"));
    subscriber.delivered(at(2), news("b"));

    assertThat(violations()).containsExactly("s: was given now.2, not in the log: b");
  }

  @Test
  void otherContentAtTheSamePositionIsFound() {
    stored(1, news("a"));
    Content changed = new Content("a", "t", "news", "x", Instant.EPOCH, "{\"flipped\":1}");
    subscriber.delivered(at(1), changed);

    assertThat(violations()).singleElement().asString().startsWith("s: now.1 is Content[id=a");
  }

  @Test
  void anEventThatWasNotAskedForIsFound() {
    stored(1, other("a"));
    subscriber.delivered(at(1), other("a"));

    assertThat(violations()).singleElement().asString().startsWith("s: had not asked for");
  }

  @Test
  void anAnnouncedGapExcusesWhatItCoversAndNothingElse() {
    stored(1, news("a"));
    stored(2, news("b"));
    stored(3, news("c"));
    subscriber.gap(at(0), at(1));
    subscriber.delivered(at(3), news("c"));

    assertThat(violations()).containsExactly("s: missed 2, between now.1 and 2");
  }

  @Test
  void aGapFromElsewhereIsFound() {
    subscriber.gap(at(5), at(6));

    assertThat(violations()).containsExactly("s: at now.0 a gap was announced from now.5");
  }

  @Test
  void anotherEpochWithoutAGapIsFound() {
    Position elsewhere = new Position(new Epoch("then"), 7);
    subscriber.movedTo(elsewhere);
    subscriber.gap(elsewhere, at(0));

    assertThat(violations()).containsExactly("s: from now.0 to then.7 without a gap");
  }

  @Test
  void aPositionGivenOutTwiceIsFoundEvenInAnEpochThatIsGone() {
    Position gone = new Position(new Epoch("then"), 7);
    publisher.published(news("a"), new Outcome.Acknowledged(gone, false));
    publisher.published(news("b"), new Outcome.Acknowledged(gone, false));

    assertThat(violations()).singleElement().asString().startsWith("p: then.7 is Content[id=b");
  }

  private List<String> violations() {
    return HistoryChecker.violations(history, new FinalLog(EPOCH, entries, content -> false));
  }

  private void stored(long seq, Content content) {
    entries.add(new FinalLog.Entry(seq, content));
    publisher.published(content, new Outcome.Acknowledged(at(seq), false));
  }

  private static Position at(long seq) {
    return new Position(EPOCH, seq);
  }

  private static Content news(String id) {
    return new Content(id, "t", "news", "x", Instant.EPOCH, "{}");
  }

  private static Content other(String id) {
    return new Content(id, "t", "other", "x", Instant.EPOCH, "{}");
  }
}
