package dev.reactorhub.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.reactorhub.event.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the text messages of {@code /ws/stream}: the bare commands of existing frontends, and JSON
 * commands, whose fields may stand beside {@code type} or within {@code data}. Any thread.
 */
public final class CommandParser {
  private static final String SUBSCRIBE = "subscribe:";
  private static final String UNSUBSCRIBE = "unsubscribe:";
  private static final int REF_BYTES_MAX = 128;

  private CommandParser() {}

  /** What the message asks for. */
  public static ClientCommand parse(String message) {
    String text = message.strip();
    if (text.equals("ping")) {
      return new ClientCommand.Ping(false);
    }
    if (text.startsWith("{") || text.startsWith("[")) {
      return json(text.getBytes(StandardCharsets.UTF_8));
    }
    try {
      if (text.startsWith(SUBSCRIBE)) {
        Names names = Names.ofTypes(split(text.substring(SUBSCRIBE.length())));
        return names.requireSome("subscribe").subscribe(null);
      }
      if (text.startsWith(UNSUBSCRIBE)) {
        Names names = Names.ofTypes(split(text.substring(UNSUBSCRIBE.length())));
        return names.requireSome("unsubscribe").unsubscribe(null);
      }
    } catch (ProblemException e) {
      return new ClientCommand.Bad(e.problem(), null, false);
    }
    return new ClientCommand.Echo(message);
  }

  private static ClientCommand json(byte[] utf8) {
    Json ref = null;
    boolean isPublish = false;
    try {
      Map<String, Json> fields = fields(utf8);
      ref = ref(fields.get("ref"));
      Json type = fields.get("type");
      String command = type == null ? null : string(type);
      if (command == null) {
        throw new ProblemException(
            ErrorCode.INVALID_REQUEST, "a command is an object with a \"type\", a string");
      }
      isPublish = command.equals("publish");
      return switch (command) {
        case "ping" -> new ClientCommand.Ping(true);
        case "subscribe" -> Names.of(fields).requireSomeOrAfter().subscribe(ref);
        case "unsubscribe" -> Names.of(fields).requireSome(command).unsubscribe(ref);
        case "publish" -> publish(fields, ref);
        default ->
            throw new ProblemException(
                ErrorCode.UNKNOWN_COMMAND,
                "the commands are subscribe, unsubscribe, publish and ping; this is none of them");
      };
    } catch (ProblemException e) {
      return new ClientCommand.Bad(e.problem(), ref, isPublish);
    } catch (IOException e) {
      return new ClientCommand.Bad(JsonText.malformed(e).problem(), ref, isPublish);
    }
  }

  private static ClientCommand publish(Map<String, Json> fields, @Nullable Json ref) {
    Json event = fields.getOrDefault("data", fields.get("event"));
    if (event == null) {
      throw new ProblemException(
          ErrorCode.INVALID_REQUEST, "publish needs the event, or an array of events, as \"data\"");
    }
    boolean isArray = event.utf8()[0] == '[';
    return new ClientCommand.Publish(EventJson.decode(event.utf8()), isArray, ref);
  }

  private static Map<String, Json> fields(byte[] utf8) throws IOException {
    JsonText.requireUtf8(utf8);
    try (JsonParser parser = JsonText.parser(utf8)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new ProblemException(ErrorCode.INVALID_REQUEST, "a command is a JSON object");
      }
      Map<String, Json> fields = new LinkedHashMap<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, JsonText.valueAt(parser, utf8));
      }
      if (parser.nextToken() != null) {
        throw JsonText.malformed("there is more after the JSON value");
      }
      return fields;
    }
  }

  private static @Nullable Json ref(@Nullable Json ref) {
    if (ref == null || ref.toString().equals("null")) {
      return null;
    }
    int first = ref.utf8()[0];
    boolean isNumber = first == '-' || (first >= '0' && first <= '9');
    if (ref.sizeBytes() > REF_BYTES_MAX || (first != '"' && !isNumber)) {
      throw new ProblemException(
          ErrorCode.INVALID_REQUEST,
          "\"ref\" must be a string or a number of at most " + REF_BYTES_MAX + " bytes");
    }
    return ref;
  }

  private static @Nullable String string(Json value) throws IOException {
    try (JsonParser parser = JsonText.parser(value.utf8())) {
      return parser.nextToken() == JsonToken.VALUE_STRING ? parser.getText() : null;
    }
  }

  private static List<String> split(String names) {
    return Arrays.stream(names.split(",")).map(String::strip).filter(n -> !n.isEmpty()).toList();
  }

  /** What a subscribe or unsubscribe names. */
  private record Names(List<String> channels, List<String> types, @Nullable String after) {
    static Names ofTypes(List<String> types) {
      return new Names(List.of(), types, null);
    }

    static Names of(Map<String, Json> fields) throws IOException {
      Map<String, Json> source = fields;
      List<String> types = new ArrayList<>();
      Json data = fields.get("data");
      if (data != null && data.utf8()[0] == '{') {
        source = new LinkedHashMap<>(fields);
        source.putAll(fields(data.utf8()));
      } else if (data != null) {
        types.addAll(list("data", data));
      }
      types.addAll(list("types", source.get("types")));
      return new Names(list("channels", source.get("channels")), types, after(source.get("after")));
    }

    private static @Nullable String after(@Nullable Json after) throws IOException {
      if (after == null || after.toString().equals("null")) {
        return null;
      }
      String text = string(after);
      if (text == null) {
        throw Filters.invalidPosition();
      }
      return text;
    }

    Names requireSome(String command) {
      if (channels.isEmpty() && types.isEmpty()) {
        throw new ProblemException(
            ErrorCode.INVALID_REQUEST, command + " must name at least one type or channel");
      }
      return this;
    }

    Names requireSomeOrAfter() {
      return after == null ? requireSome("subscribe") : this;
    }

    ClientCommand subscribe(@Nullable Json ref) {
      return new ClientCommand.Subscribe(
          Filters.patterns(channels),
          Filters.types(types),
          after == null ? null : Filters.position(after),
          ref);
    }

    ClientCommand unsubscribe(@Nullable Json ref) {
      return new ClientCommand.Unsubscribe(Filters.patterns(channels), Filters.types(types), ref);
    }

    /** A JSON array of strings, or one string of names between commas. */
    private static List<String> list(String field, @Nullable Json value) throws IOException {
      if (value == null) {
        return List.of();
      }
      String text = string(value);
      if (text != null) {
        return split(text);
      }
      List<String> names = new ArrayList<>();
      try (JsonParser parser = JsonText.parser(value.utf8())) {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_NULL) {
          return List.of();
        }
        while (token == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.VALUE_STRING) {
          names.add(parser.getText());
        }
        if (parser.currentToken() != JsonToken.END_ARRAY) {
          throw new ProblemException(
              ErrorCode.INVALID_REQUEST, "\"" + field + "\" must be an array of strings");
        }
      }
      return names;
    }
  }
}
