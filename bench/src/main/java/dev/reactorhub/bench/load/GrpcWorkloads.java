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
  private static final int BARE_CONSUME_PORT = 18_192;

  /** Fewer than the hub's live window holds: the subscribers find them encoded. */
  private static final int EVENTS = 60_000;

  /** Until the compiler of the server, which has one core for both, is done with it. */
  private static final int CONSUME_WARM_UP_SECONDS = 40;

  private GrpcWorkloads() {}

  static List<Result> fanOut(Machine machine, Effort effort) throws IOException {
    try (HubServer _ = new HubServer(machine)) {
      machine.run(Machine.LOAD_CORE, Machine.java(Backlog.class, "default", EVENTS));
      JsonNode first = drain(machine, HubServer.GRPC_PORT, 100, 1);
      machine.serve(
          Machine.java(
              BareGrpcServer.class,
              BARE_PORT,
              first.get("events_per_message").asInt(),
              first.get("bytes_per_event").asInt(),
              EVENTS));
      List<Result> results = new ArrayList<>();
      for (int subscribers : new int[] {1, 100}) {
        drain(machine, HubServer.GRPC_PORT, subscribers, 1);
        drain(machine, BARE_PORT, subscribers, 1);
        results.add(
            new Pairs("events/s", report -> report.get("per_s").asDouble())
                .measure(
                    effort,
                    () -> drain(machine, BARE_PORT, subscribers, effort.seconds()),
                    () -> drain(machine, HubServer.GRPC_PORT, subscribers, effort.seconds()))
                .result("grpc-" + subscribers, "bare grpc-java", Target.atLeast(0.8)));
      }
      return results;
    }
  }

  /** One client of a durable consumer, which acknowledges each batch up to its last position. */
  static List<Result> consume(Machine machine, Effort effort) throws IOException {
    try (HubServer _ = new HubServer(machine)) {
      machine.run(Machine.LOAD_CORE, Machine.java(Backlog.class, "default", EVENTS));
      JsonNode first = consume(machine, HubServer.GRPC_PORT, CONSUME_WARM_UP_SECONDS);
      machine.serve(
          Machine.java(
              BareConsumeServer.class,
              BARE_CONSUME_PORT,
              first.get("events_per_message").asInt(),
              first.get("bytes_per_event").asInt(),
              EVENTS));
      consume(machine, BARE_CONSUME_PORT, CONSUME_WARM_UP_SECONDS);
      return List.of(
          new Pairs("events/s", report -> report.get("per_s").asDouble())
              .measure(
                  effort,
                  () -> consume(machine, BARE_CONSUME_PORT, effort.seconds()),
                  () -> consume(machine, HubServer.GRPC_PORT, effort.seconds()))
              .result("consume", "bare grpc-java", Target.atLeast(0.8)));
    }
  }

  private static JsonNode consume(Machine machine, int port, int seconds) throws IOException {
    boolean isHub = port == HubServer.GRPC_PORT;
    return WsLoad.report(
        machine.run(
            Machine.LOAD_CORE, Machine.java(ConsumeDrain.class, port, EVENTS, seconds, isHub)));
  }

  private static JsonNode drain(Machine machine, int port, int subscribers, int seconds)
      throws IOException {
    return WsLoad.report(
        machine.run(
            Machine.LOAD_CORE, Machine.java(GrpcDrain.class, port, subscribers, EVENTS, seconds)));
  }
}
