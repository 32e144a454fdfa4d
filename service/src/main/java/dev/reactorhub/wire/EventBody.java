package dev.reactorhub.wire;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The events of an HTTP request, in any form that is understood: the Reactor JSON form, and
 * CloudEvents 1.0 in structured, batch and binary mode.
 *
 * @param drafts what to publish
 * @param isArray true when it came as an array and is acknowledged as one
 */
public record EventBody(List<EventDraft> drafts, boolean isArray) {
  /**
   * Reads a body by its headers.
   *
   * @param headers by name; the case of names does not matter
   */
  public static EventBody decode(Map<String, String> headers, byte[] body) {
    Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byName.putAll(headers);
    String mediaType = mediaType(byName.get("content-type"));
    // CloudEvents' HTTP binding, section 3: the media type tells the mode, then the headers.
    if (byName.containsKey("ce-specversion") && !mediaType.startsWith("application/cloudevents")) {
      return new EventBody(List.of(CloudEvents.binary(byName, body)), false);
    }
    return switch (mediaType) {
      case "", "application/json" -> new EventBody(EventJson.decode(body), firstByte(body) == '[');
      case "application/cloudevents+json" ->
          new EventBody(List.of(CloudEvents.structured(body)), false);
      case "application/cloudevents-batch+json" -> new EventBody(CloudEvents.batch(body), true);
      default ->
          throw new ProblemException(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE,
              "the body must be application/json, application/cloudevents+json,"
                  + " application/cloudevents-batch+json, or a CloudEvent in binary mode");
    };
  }

  private static String mediaType(@Nullable String contentType) {
    if (contentType == null) {
      return "";
    }
    int parameters = contentType.indexOf(';');
    String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  static int firstByte(byte[] body) {
    for (byte b : body) {
      if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
        return b;
      }
    }
    return -1;
  }
}
