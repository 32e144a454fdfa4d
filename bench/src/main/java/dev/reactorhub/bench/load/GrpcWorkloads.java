package dev.reactorhub.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reactorhub.bench.load.Result.Target;
import dev.reactorhub.bench.load.Workload.Effort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
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

  /** Until the compilers of both sides, which have one core with what they compile, are done. */
  private static final int WARM_UP_SECONDS = 60;

  private static final int CONSUME_WARM_UP_SECONDS = 120;

  private static final Turns ONCE = new Turns(0, 1, 1);

  private GrpcWorkloads() {}

  static List<Result> fanOut(Machine machine, Effort effort) throws IOException {
    try (HubServer _ = new HubServer(machine)) {
      machine.run(Machine.LOAD_CORE, Machine.java(Backlog.class, "default", EVENTS));
      JsonNode messages = drain(machine, ONCE, 100, HubServer.GRPC_PORT).getFirst();
      machine.serve(bare(BareGrpcServer.class, BARE_PORT, messages));
      List<Result> results = new ArrayList<>();
      for (int subscribers : new int[] {1, 100}) {
        List<JsonNode> reports =
            drain(
                machine,
                turns(WARM_UP_SECONDS, effort),
                subscribers,
                BARE_PORT,
                HubServer.GRPC_PORT);
        results.add(result("grpc-" + subscribers, effort, reports));
      }
      return results;
    }
  }

  /** One client of a durable consumer, which acknowledges each batch up to its last position. */
  static List<Result> consume(Machine machine, Effort effort) throws IOException {
    try (HubServer _ = new HubServer(machine)) {
      machine.run(Machine.LOAD_CORE, Machine.java(Backlog.class, "default", EVENTS));
      JsonNode messages = consume(machine, ONCE, HubServer.GRPC_PORT).getFirst();
      machine.serve(bare(BareConsumeServer.class, BARE_CONSUME_PORT, messages));
      List<JsonNode> reports =
          consume(
              machine,
              turns(CONSUME_WARM_UP_SECONDS, effort),
              BARE_CONSUME_PORT,
              HubServer.GRPC_PORT);
      return List.of(result("consume", effort, reports));
    }
  }

  private static Turns turns(int warmUpSeconds, Effort effort) {
    return new Turns(warmUpSeconds, effort.pairs(), effort.seconds());
  }

  /** A bare server with messages as the hub's. */
  private static List<String> bare(Class<?> server, int port, JsonNode messages) {
    return Machine.java(
        server,
        port,
        messages.get("events_per_message").asInt(),
        messages.get("bytes_per_event").asInt(),
        EVENTS);
  }

  /** Of reports of bare server and hub, in turns. */
  private static Result result(String workload, Effort effort, List<JsonNode> reports)
      throws IOException {
    Iterator<JsonNode> next = reports.iterator();
    return new Pairs("events/s", report -> report.get("per_s").asDouble())
        .measure(effort, next::next, next::next)
        .result(workload, "bare grpc-java", Target.atLeast(0.8));
  }

  private static List<JsonNode> drain(
      Machine machine, Turns turns, int subscribers, Integer... ports) throws IOException {
    return take(machine, turns, GrpcDrain.class, List.of(subscribers, EVENTS), List.of(ports));
  }

  private static List<JsonNode> consume(Machine machine, Turns turns, Integer... ports)
      throws IOException {
    return take(machine, turns, ConsumeDrain.class, List.of(EVENTS), List.of(ports));
  }

  private static List<JsonNode> take(
      Machine machine, Turns turns, Class<?> client, List<Integer> arguments, List<Integer> ports)
      throws IOException {
    List<Object> all = new ArrayList<>(turns.arguments());
    all.addAll(arguments);
    all.addAll(ports);
    return WsLoad.reports(
        machine.run(
            Machine.LOAD_CORE,
            Machine.java(client, all.toArray()),
            turns.secondsMax(ports.size())));
  }
}
