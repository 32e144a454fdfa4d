package dev.reactorhub.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reactorhub.bench.load.Result.Target;
import dev.reactorhub.bench.load.Workload.Effort;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Durable publishing on one connection, against a bare file that is synced for each record. */
final class PublishWorkloads {
  private PublishWorkloads() {}

  static List<Result> publish(Machine machine, Effort effort) throws IOException {
    try (HubServer _ = new HubServer(machine)) {
      List<Result> results = new ArrayList<>();
      load(machine, effort, "grpc", 1000);
      load(machine, effort, "grpc", 1);
      load(machine, effort, "http", 1);
      results.add(measure(machine, effort, "grpc", 1, Target.atLeast(0.5)));
      results.add(measure(machine, effort, "grpc", 1000, Target.atLeast(12)));
      results.add(measure(machine, effort, "http", 1, Target.atLeast(0.35)));
      return results;
    }
  }

  private static Result measure(
      Machine machine, Effort effort, String face, int window, Target target) throws IOException {
    return new Pairs("events/s", report -> report.get("per_s").asDouble())
        .measure(
            effort,
            () ->
                WsLoad.report(
                    machine.run(
                        Machine.SERVER_CORE,
                        Machine.java(SyncedFile.class, machine.work(), effort.seconds()))),
            () -> load(machine, effort, face, window))
        .result("publish-" + face + "-" + window, "fdatasync of a file", target);
  }

  /** Publishes for a while; the report says how many events a second. */
  static JsonNode load(Machine machine, Effort effort, String face, int window) throws IOException {
    return WsLoad.report(
        machine.run(
            Machine.LOAD_CORE, Machine.java(PublishLoad.class, face, window, effort.seconds())));
  }
}
