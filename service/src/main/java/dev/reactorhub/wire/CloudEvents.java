package dev.reactorhub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.reactorhub.event.Json;
import io.cloudevents.CloudEvent;
import io.cloudevents.CloudEventData;
import io.cloudevents.core.format.EventDeserializationException;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonCloudEventData;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.rw.CloudEventRWException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads CloudEvents 1.0: {@code id}, {@code source}, {@code type} and {@code time} as they are,
 * {@code subject} as the channel, the extension {@code traceparent}, and {@code data}, which must
 * be JSON or text. Any thread.
 */
final class CloudEvents {
  private static final JsonFormat FORMAT = new JsonFormat();

  private CloudEvents() {}

  /** One event in the JSON format (structured mode). */
  static EventDraft structured(byte[] body) {
    JsonText.parse(body);
    try {
      CloudEvent event = FORMAT.deserialize(body);
      // The library reads numbers into doubles: what the publisher wrote is taken from the text.
      return event.getData() instanceof JsonCloudEventData
          ? draft(event, dataToTheLetter(body))
          : draft(event);
    } catch (CloudEventRWException | EventDeserializationException e) {
      throw invalid(e);
    } catch (IOException e) {
      throw JsonText.malformed(e);
    }
  }

  private static Json dataToTheLetter(byte[] event) throws IOException {
    Json data = Json.EMPTY_OBJECT;
    try (JsonParser parser = JsonText.parser(event)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals("data")) {
          data = JsonText.valueAt(parser, event);
        } else {
          parser.skipChildren();
        }
      }
    }
    return data;
  }

  /** An array of events in the JSON format (batch mode). */
  static List<EventDraft> batch(byte[] body) {
    JsonText.requireUtf8(body);
    List<EventDraft> drafts = new ArrayList<>();
    try (JsonParser parser = JsonText.parser(body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new ProblemException(ErrorCode.INVALID_REQUEST, "a batch is a JSON array");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        drafts.add(structured(JsonText.valueAt(parser, body).utf8()));
      }
      if (parser.nextToken() != null) {
        throw JsonText.malformed("there is more after the JSON value");
      }
    } catch (IOException e) {
      throw JsonText.malformed(e);
    }
    return drafts;
  }

  /** One event, its attributes in headers and its data as the body (binary mode). */
  static EventDraft binary(Map<String, String> headers, byte[] body) {
    try {
      return draft(HttpMessageFactory.createReader(headers, body).toEvent());
    } catch (CloudEventRWException e) {
      throw invalid(e);
    }
  }

  private static EventDraft draft(CloudEvent event) {
    return draft(event, data(event.getData(), event.getDataContentType()));
  }

  private static EventDraft draft(CloudEvent event, Json data) {
    Object traceparent = event.getExtension("traceparent");
    return new EventDraft(
        event.getId(),
        Drafts.type(event.getType()),
        Drafts.channel(event.getSubject()),
        event.getSource().toString(),
        event.getTime() == null ? null : event.getTime().toInstant(),
        data,
        traceparent == null ? null : traceparent.toString());
  }

  private static Json data(@Nullable CloudEventData data, @Nullable String contentType) {
    if (data == null) {
      return Json.EMPTY_OBJECT;
    }
    byte[] bytes = data.toBytes();
    if (contentType == null || contentType.contains("json")) {
      return JsonText.parse(bytes);
    }
    if (contentType.startsWith("text/")) {
      JsonText.requireUtf8(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8);
      return Json.ofValidated(JsonText.utf8(JsonNodeFactory.instance.textNode(text)));
    }
    throw new ProblemException(
        ErrorCode.INVALID_EVENT, "the data of a CloudEvent must be JSON or text here");
  }

  private static ProblemException invalid(RuntimeException cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new ProblemException(
        ErrorCode.INVALID_EVENT, "not a valid CloudEvent: " + String.valueOf(root.getMessage()));
  }
}
