package dev.reactorhub.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reactorhub.bench.load.Result.Target;
import dev.reactorhub.bench.load.Workload.Effort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Fan-out to browsers: WebSocket, and server-sent events beside it. */
final class WebSocketWorkloads {
  private static final int EACH_PORT = 18_181;
  private static final int BATCH_PORT = 18_182;
  private static final int SYNCED_PORT = 18_183;
  private static final String CLIENTS = "--n=1000";
  private static final String SIZE = "--size=128";
  private static final int STALL_RATE = 20;
  private static final int STALL_WARM_UP = 2;
  private static final Target IDLE_KB = Target.atMost(26);

  private WebSocketWorkloads() {}

  /** Windows of 1, 16 and 128 events in flight: deliveries per second. */
  static List<Result> closed(Machine machine, Effort effort) throws IOException {
    machine.reference(EACH_PORT, "each");
    machine.reference(BATCH_PORT, "batch");
    try (HubServer hub = new HubServer(machine)) {
      WsLoad load = WsLoad.hub(machine, hub, "");
      warmUp(load);
      List<Result> results = new ArrayList<>();
      results.add(closed(machine, load, 1, EACH_PORT, Target.atLeast(0.95), effort));
      results.add(closed(machine, load, 16, BATCH_PORT, Target.atLeast(1.0), effort));
      results.add(closed(machine, load, 128, BATCH_PORT, Target.atLeast(0.5), effort));
      return results;
    }
  }

  private static Result closed(
      Machine machine, WsLoad load, int window, int referencePort, Target target, Effort effort)
      throws IOException {
    String[] options = closedOptions(window, effort);
    WsLoad reference = WsLoad.reference(machine, referencePort);
    return new Pairs("deliveries/s", report -> report.get("per_s").asDouble())
        .measure(effort, () -> reference.run(options), () -> load.run(options))
        .result(
            "ws-" + window,
            referencePort == EACH_PORT ? "one write each" : "coalescing server",
            target);
  }

  /** 100 events a second to 1,000 clients: the 99th percentile of the delivery. */
  static List<Result> rate(Machine machine, Effort effort) throws IOException {
    machine.reference(EACH_PORT, "each");
    try (HubServer hub = new HubServer(machine)) {
      WsLoad load = WsLoad.hub(machine, hub, "");
      warmUp(load);
      WsLoad reference = WsLoad.reference(machine, EACH_PORT);
      String[] options = rateOptions(effort);
      return List.of(
          new Pairs("p99 ms", report -> report.get("p99").asDouble())
              .measure(effort, () -> reference.run(options), () -> load.run(options))
              .result("ws-rate", "one write each", Target.atMost(1.3)));
    }
  }

  /**
   * What the reference itself reaches when it syncs each event before it writes it: no server that
   * shows only what is durable, with one write for each client, is faster.
   */
  static List<Result> limit(Machine machine, Effort effort) throws IOException {
    machine.reference(EACH_PORT, "each");
    machine.syncedReference(SYNCED_PORT);
    WsLoad bare = WsLoad.reference(machine, EACH_PORT);
    WsLoad synced = WsLoad.reference(machine, SYNCED_PORT);
    String[] closed = closedOptions(1, effort);
    String[] rate = rateOptions(effort);
    return List.of(
        new Pairs("deliveries/s", report -> report.get("per_s").asDouble())
            .measure(effort, () -> bare.run(closed), () -> synced.run(closed))
            .result("ws-1-limit", "one write each", Target.none()),
        new Pairs("p99 ms", report -> report.get("p99").asDouble())
            .measure(effort, () -> bare.run(rate), () -> synced.run(rate))
            .result("ws-rate-limit", "one write each", Target.none()));
  }

  /**
   * 20 of 1,000 clients read nothing while 64 KiB go out 20 times a second: the others must miss
   * nothing, and the 20 be given all of it once they read.
   */
  static List<Result> stalled(Machine machine, Effort effort) throws IOException {
    try (HubServer hub = new HubServer(machine)) {
      WsLoad load = WsLoad.hub(machine, hub, "");
      warmUp(load);
      List<String> common =
          List.of(
              "--size=65536",
              "--mode=rate",
              "--rate=" + STALL_RATE,
              "--warmup=" + STALL_WARM_UP,
              "--seconds=" + effort.seconds());
      String[] all = with(common, "--n=980");
      String[] some = with(common, "--n=1000", "--stall=20", "--stall-drain=10");
      int events = STALL_RATE * (STALL_WARM_UP + effort.seconds());
      Pairs pairs =
          new Pairs("p99 ms", report -> report.get("p99").asDouble())
              .measure(effort, () -> load.run(all), () -> fallenShort(load.run(some), events));
      return List.of(pairs.result("ws-stall", "no client stalled", Target.atMost(1.1)));
    }
  }

  /** 1,000 clients of server-sent events beside as many WebSockets, 16 events in flight. */
  static List<Result> serverSentEvents(Machine machine, Effort effort) throws IOException {
    try (HubServer hub = new HubServer(machine)) {
      WsLoad webSocket = WsLoad.hub(machine, hub, "");
      WsLoad sse = WsLoad.sse(machine, hub);
      warmUp(webSocket);
      warmUp(sse);
      String[] options = closedOptions(16, effort);
      return List.of(
          new Pairs("deliveries/s", report -> report.get("per_s").asDouble())
              .measure(effort, () -> webSocket.run(options), () -> sse.run(options))
              .result("sse-16", "the hub over WebSocket", Target.atLeast(0.8)));
    }
  }

  /** 10,000 clients that are sent nothing: resident memory each. */
  static List<Result> idle(Machine machine, Effort effort) throws IOException {
    try (HubServer hub = new HubServer(machine)) {
      WsLoad load = WsLoad.hub(machine, hub, "");
      load.run(CLIENTS, "--mode=idle", "--pub=none", "--seconds=1");
      JsonNode report = load.run("--n=10000", "--mode=idle", "--pub=none", "--seconds=3");
      double kilobytes = report.get("rss_per_conn").asDouble();
      return List.of(
          new Result(
              "idle",
              "1 KB",
              kilobytes,
              IDLE_KB,
              List.of("resident memory per idle client in KB: " + Report.number(kilobytes)),
              List.of()));
    }
  }

  /** The compiler has seen the publishing path often, and every path of a delivery. */
  static void warmUp(WsLoad load) throws IOException {
    load.run("--n=200", SIZE, "--mode=closed", "--window=64", "--warmup=1", "--seconds=9");
    load.run(CLIENTS, SIZE, "--mode=closed", "--window=8", "--warmup=1", "--seconds=4");
    load.run(CLIENTS, SIZE, "--mode=closed", "--window=1", "--warmup=1", "--seconds=4");
  }

  private static String[] closedOptions(int window, Effort effort) {
    return new String[] {
      CLIENTS,
      SIZE,
      "--mode=closed",
      "--window=" + window,
      "--warmup=1",
      "--seconds=" + effort.seconds()
    };
  }

  private static String[] rateOptions(Effort effort) {
    return new String[] {
      CLIENTS, SIZE, "--mode=rate", "--rate=100", "--warmup=2", "--seconds=" + effort.seconds()
    };
  }

  private static String[] with(List<String> common, String... more) {
    List<String> all = new ArrayList<>(common);
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  /** Adds how many events the stalled clients were not given, on average. */
  private static JsonNode fallenShort(JsonNode report, int events) {
    double given = report.get("st_events").asDouble();
    return ((ObjectNode) report).put("stalled_short", Math.max(0, events - given));
  }
}
