package dev.reactorhub.wire;

import dev.reactorhub.event.Channel;
import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.InvalidNameException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes names from what clients sent; a broken rule becomes a {@link ProblemException}. */
public final class Drafts {
  private Drafts() {}

  /** The type of this name. */
  public static EventType type(String name) {
    return checked(() -> new EventType(name));
  }

  /** The channel of this name; null or empty: the default one. */
  public static Channel channel(@Nullable String name) {
    return name == null || name.isEmpty() ? Channel.DEFAULT : checked(() -> new Channel(name));
  }

  /** The channel or pattern. */
  public static ChannelPattern pattern(String name) {
    return checked(() -> new ChannelPattern(name));
  }

  static Problem invalid(InvalidNameException broken) {
    return Problem.of(ErrorCode.INVALID_NAME, String.valueOf(broken.getMessage()));
  }

  private static <T> T checked(Supplier<T> made) {
    try {
      return made.get();
    } catch (InvalidNameException e) {
      throw new ProblemException(invalid(e));
    }
  }
}
