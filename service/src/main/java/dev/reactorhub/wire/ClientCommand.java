package dev.reactorhub.wire;

import dev.reactorhub.event.ChannelPattern;
import dev.reactorhub.event.EventType;
import dev.reactorhub.event.Json;
import dev.reactorhub.event.Position;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client of {@code /ws/stream} asks for in one text message. */
public sealed interface ClientCommand {
  /**
   * Is the hub there?
   *
   * @param isJson false for the bare text {@code ping}, which is answered by the bare text {@code
   *     pong}
   */
  record Ping(boolean isJson) implements ClientCommand {}

  /** Any other bare text, sent back. */
  record Echo(String text) implements ClientCommand {}

  /**
   * Follow these channels and narrow to these types as well.
   *
   * @param channels may be empty: no change
   * @param types in the order named; may be empty: no change
   * @param after null: from now on
   * @param ref the client's own mark, a JSON string or number, repeated in the answer, or null
   */
  record Subscribe(
      Set<ChannelPattern> channels,
      Set<EventType> types,
      @Nullable Position after,
      @Nullable Json ref)
      implements ClientCommand {}

  /** Follow these channels and types no more. */
  record Unsubscribe(Set<ChannelPattern> channels, Set<EventType> types, @Nullable Json ref)
      implements ClientCommand {}

  /**
   * Publish events.
   *
   * @param isArray true when they came as an array and are acknowledged as one
   */
  record Publish(List<EventDraft> drafts, boolean isArray, @Nullable Json ref)
      implements ClientCommand {}

  /**
   * Not a command.
   *
   * @param ref the client's own mark when it could be read, or null
   * @param isPublish true when it is known that events were to be published
   */
  record Bad(Problem problem, @Nullable Json ref, boolean isPublish) implements ClientCommand {}
}
