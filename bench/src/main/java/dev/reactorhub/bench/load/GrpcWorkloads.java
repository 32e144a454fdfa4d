package dev.reactorhub.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reactorhub.bench.load.Result.Target;
import dev.reactorhub.bench.load.Workload.Effort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Fan-out over gRPC: subscribers take a backlog that the hub holds ready, against a bare grpc-java
 * server that hands out the same number of events in messages of the same size.
 */
final class GrpcWorkloads {
  private static final int BARE_PORT = 18_191;
  private static final int EVENTS = 300_000;

  private GrpcWorkloads() {}

  static List<Result> fanOut(Machine machine, Effort effort) throws IOException {
    try (HubServer _ =
        new HubServer(machine, "hub.window.events=1048576", "hub.window.bytes=1GiB")) {
      machine.run(Machine.LOAD_CORE, Machine.java(Backlog.class, EVENTS));
      JsonNode first = drain(machine, HubServer.GRPC_PORT, 100, EVENTS / 10);
      machine.serve(
          Machine.java(
              BareGrpcServer.class,
              BARE_PORT,
              first.get("events_per_message").asInt(),
              first.get("bytes_per_event").asInt()));
      List<Result> results = new ArrayList<>();
      for (int subscribers : new int[] {1, 100}) {
        int events = subscribers == 1 ? EVENTS : EVENTS / 5;
        drain(machine, HubServer.GRPC_PORT, subscribers, events);
        drain(machine, BARE_PORT, subscribers, events);
        results.add(
            new Pairs("events/s", report -> report.get("per_s").asDouble())
                .measure(
                    effort,
                    () -> drain(machine, BARE_PORT, subscribers, events),
                    () -> drain(machine, HubServer.GRPC_PORT, subscribers, events))
                .result("grpc-" + subscribers, "bare grpc-java", Target.atLeast(0.8)));
      }
      return results;
    }
  }

  private static JsonNode drain(Machine machine, int port, int subscribers, int events)
      throws IOException {
    return WsLoad.report(
        machine.run(Machine.LOAD_CORE, Machine.java(GrpcDrain.class, port, subscribers, events)));
  }
}
