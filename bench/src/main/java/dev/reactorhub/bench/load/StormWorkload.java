package dev.reactorhub.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reactorhub.bench.load.Result.Target;
import dev.reactorhub.bench.load.Workload.Effort;
import java.io.IOException;
import java.util.List;

/**
 * 1,000 clients come back at once, each 10,000 events behind, again and again, while 1,000 others
 * are served live: what the latter notice of it, and whether the former catch up, at what rate.
 */
final class StormWorkload {
  /** Of the events that the clients have missed, on the channel of the same name. */
  static final String EVENT_TYPE = "storm";

  private static final int BEHIND = 10_000;

  /** Before and after the live clients are measured: they connect, and are warmed up. */
  private static final int MARGIN_SECONDS = 5;

  private StormWorkload() {}

  static List<Result> storm(Machine machine, Effort effort) throws IOException {
    try (HubServer hub = new HubServer(machine)) {
      String before = hub.head();
      machine.run(Machine.LOAD_CORE, Machine.java(Backlog.class, EVENT_TYPE, BEHIND));
      String path = "/ws/stream?channel=" + EVENT_TYPE + "&after=" + before;
      WsLoad live = WsLoad.hub(machine, hub, "");
      // A generator that sleeps when there is nothing to do leaves its core to the clients of the
      // storm.
      String[] options = {
        "--n=1000",
        "--size=128",
        "--mode=rate",
        "--rate=100",
        "--poll-gap=-1",
        "--warmup=2",
        "--drain=20",
        "--seconds=" + effort.seconds()
      };
      WebSocketWorkloads.warmUp(live);
      inStorm(machine, path, effort, live, options);
      Pairs pairs =
          new Pairs("p99 ms", report -> report.get("p99").asDouble())
              .measure(
                  effort,
                  () -> live.run(options),
                  () -> inStorm(machine, path, effort, live, options));
      return List.of(pairs.result("storm", "no storm", Target.atMost(2)));
    }
  }

  /** The live clients' report, with that of the storm. */
  private static JsonNode inStorm(
      Machine machine, String path, Effort effort, WsLoad live, String... options)
      throws IOException {
    Machine.Started storm =
        machine.startNicely(
            Machine.LOAD_CORE,
            Machine.java(StormLoad.class, path, BEHIND, effort.seconds() + MARGIN_SECONDS));
    ObjectNode report = (ObjectNode) live.run(options);
    return report.setAll((ObjectNode) WsLoad.report(machine.result(storm)));
  }
}
