package dev.reactorhub.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs the load generator; see the head of {@code bench/native/wsload.c} for its options. */
final class WsLoad {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String EVENT = "{\"type\":\"bench\",\"data\":{\"p\":\"%P\",\"m\":\"%T\"}}";
  private static final String PUBLISH = "{\"type\":\"publish\",\"data\":" + EVENT + "}";

  private final Machine machine;
  private final List<String> target;

  private WsLoad(Machine machine, List<String> target) {
    this.machine = machine;
    this.target = target;
  }

  /** Against the hub's WebSocket face; published over WebSocket, or over HTTP at a given rate. */
  static WsLoad hub(Machine machine, HubServer hub, String options) {
    return new WsLoad(
        machine,
        arguments(
            "--port=" + HubServer.PORT,
            "--path=/ws/stream" + options,
            "--ready=reactor_connected",
            "--pub=ws",
            "--pub-path=/ws/stream?type=none",
            "--body=" + PUBLISH,
            "--server-pid=" + hub.pid()));
  }

  /** Against the hub's server-sent events; published over WebSocket. */
  static WsLoad sse(Machine machine, HubServer hub) {
    return new WsLoad(
        machine,
        arguments(
            "--port=" + HubServer.PORT,
            "--sse",
            "--path=/api/v1/stream",
            "--ready=id:",
            "--pub=ws",
            "--pub-path=/ws/stream?type=none",
            "--body=" + PUBLISH,
            "--server-pid=" + hub.pid()));
  }

  static WsLoad reference(Machine machine, int port) {
    return new WsLoad(
        machine,
        arguments(
            "--port=" + port, "--path=/ws", "--pub=ws", "--pub-path=/pub", "--body=" + EVENT));
  }

  /** Runs and returns the report. */
  JsonNode run(String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(machine.work().resolve("wsload").toString());
    command.addAll(target);
    command.addAll(List.of("--probe=" + Machine.SERVER_CORE + "," + Machine.LOAD_CORE, "--json"));
    command.addAll(List.of(options));
    return report(machine.run(Machine.LOAD_CORE, command));
  }

  static JsonNode report(String printed) throws IOException {
    return reports(printed).getFirst();
  }

  /** All that a program has printed, one or more. */
  static List<JsonNode> reports(String printed) throws IOException {
    List<JsonNode> reports = new ArrayList<>();
    for (String line : printed.lines().filter(line -> line.startsWith("{")).toList()) {
      reports.add(MAPPER.readTree(line));
    }
    if (reports.isEmpty()) {
      throw new CannotRunException("no report in: " + printed);
    }
    return reports;
  }

  private static List<String> arguments(String... arguments) {
    return List.of(arguments);
  }
}
