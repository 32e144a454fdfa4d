package dev.reactorhub.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.event.Channel;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CanonicalNamesTest {
  private final CanonicalNames names = new CanonicalNames();

  @Test
  void equalNamesAreOneObject() {
    Channel first = names.of(new Channel("news.eu"));

    assertThat(names.of(new Channel("news.eu"))).isSameAs(first);
  }

  @Test
  void moreNamesThanItKnowsAreStillThemselves() {
    assertThat(IntStream.range(0, 5_000).mapToObj(i -> "room." + i))
        .allSatisfy(name -> assertThat(names.of(new Channel(name)).value()).isEqualTo(name));
  }
}
