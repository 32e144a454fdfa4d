package dev.reactorhub.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "news.*,     news.eu,        true",
    "news.*,     news,           false",
    "news.*,     news.eu.berlin, false",
    "news.>,     news.eu.berlin, true",
    "news.>,     news,           false",
    ">,          anything.at.all, true",
    "*,          one,            true",
    "*,          one.two,        false",
    "*.eu,       news.eu,        true",
    "*.eu,       news.us,        false",
    "news.eu,    news.eu,        true",
    "news.eu,    news.europe,    false",
    "news.europe, news.eu,       false",
    "a.*.c.>,    a.b.c.d.e,      true",
    "a.*.c.>,    a.b.c,          false",
  })
  void aPatternMatchesAsInNats(String pattern, String channel, boolean matches) {
    assertThat(new ChannelPattern(pattern).matches(new Channel(channel))).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "a b", "ä", "a*", "a.>.b", ">a", "a\u0000"})
  void aPatternThatBreaksTheRulesIsRefused(String pattern) {
    assertThatThrownBy(() -> new ChannelPattern(pattern)).isInstanceOf(InvalidNameException.class);
  }

  @Test
  void wildcardsAreNoChannels() {
    assertThatThrownBy(() -> new Channel("news.*")).isInstanceOf(InvalidNameException.class);
    assertThatThrownBy(() -> new Channel(">")).isInstanceOf(InvalidNameException.class);
  }

  @Test
  void theMessageOfARefusedNameHoldsNoControlCharacters() {
    assertThatThrownBy(() -> new EventType("bad\u0007\u009bname"))
        .hasMessage(
            "type \"bad??name\" is not valid: only the characters A-Z a-z 0-9 _ - : . are allowed");
  }

  @Test
  void aPositionIsReadAsItIsPrinted() {
    Position position = new Position(new Epoch("k3x9"), 1042);

    assertThat(position).hasToString("k3x9.1042");
    assertThat(Position.parse("k3x9.1042")).contains(position);
    assertThat(Position.parse("k3x9.0")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "k3x9",
        "k3x9.",
        ".5",
        "K3X9.5",
        "k3x9.-1",
        "k3x9.1x",
        "k3x9. 1",
        "k3x9.1.2",
        "k3x9.1000000000000000000",
        "seventeencharsxxx.1"
      })
  void anythingElseIsNoPosition(String text) {
    assertThat(Position.parse(text)).isEmpty();
  }

  @Test
  void anEpochIsMadeOfItsAlphabet() {
    assertThat(Epoch.random(new Random(1)).value()).matches("[a-z0-9]{8}");
    assertThat(Epoch.random(new Random(1))).isNotEqualTo(Epoch.random(new Random(2)));
  }

  @Test
  void typesAreNarrowedAddedAndTakenAway() {
    EventType a = new EventType("a");
    EventType b = new EventType("b");

    assertThat(TypeRule.ALL.plus(Set.of(a))).isEqualTo(new TypeRule.Only(Set.of(a)));
    assertThat(TypeRule.ALL.plus(Set.of(a)).plus(Set.of(b)))
        .isEqualTo(new TypeRule.Only(Set.of(a, b)));
    assertThat(TypeRule.ALL.plus(Set.of(a)).minus(Set.of(a)).allows(a)).isFalse();
    assertThat(TypeRule.ALL.minus(Set.of(a)).allows(a)).isFalse();
    assertThat(TypeRule.ALL.minus(Set.of(a)).allows(b)).isTrue();
  }
}
