package dev.reactorhub.bench.load;

import dev.reactorhub.bench.load.Result.Target;
import dev.reactorhub.bench.load.Workload.Effort;
import java.io.IOException;
import java.util.List;

/**
 * What subscriptions cost that do not want an event: 1,000 events/s, each wanted by one of them.
 */
final class ChannelWorkloads {
  private static final Target TARGET = Target.atMost(2);

  private ChannelWorkloads() {}

  /** 10,000 clients with a channel each; then 1,000 with 100 patterns each, 100,000 in all. */
  static List<Result> channels(Machine machine, Effort effort) throws IOException {
    try (HubServer hub = new HubServer(machine)) {
      ChannelLoad load = new ChannelLoad(machine, hub);
      WebSocketWorkloads.warmUp(WsLoad.hub(machine, hub, ""));
      PublishWorkloads.load(machine, effort, "grpc", 1000);
      load.run(effort.seconds(), 1, 1);
      return List.of(
          measure(load, effort, 10_000, 1).result("channels", "one client, one channel", TARGET),
          measure(load, effort, 1_000, 100)
              .result("subscriptions", "one client, one channel", TARGET));
    }
  }

  private static Pairs measure(ChannelLoad load, Effort effort, int clients, int each)
      throws IOException {
    return new Pairs("CPU µs per delivery", report -> report.get("cpu_us").asDouble())
        .measure(
            effort,
            () -> load.run(effort.seconds(), 1, 1),
            () -> load.run(effort.seconds(), clients, each));
  }
}
