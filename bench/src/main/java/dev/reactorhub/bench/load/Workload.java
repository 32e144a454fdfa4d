package dev.reactorhub.bench.load;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One line of the table. */
interface Workload {
  /** Starts what it needs, measures, and stops it. */
  List<Result> run(Machine machine, Effort effort) throws IOException;

  /**
   * How long to measure.
   *
   * @param pairs of reference and hub
   * @param seconds of each measurement
   */
  record Effort(int pairs, int seconds) {}

  /** All of them, by name, in the order of the table. */
  static Map<String, Workload> all() {
    Map<String, Workload> all = new LinkedHashMap<>();
    all.put("ws", WebSocketWorkloads::closed);
    all.put("ws-rate", WebSocketWorkloads::rate);
    all.put("limit", WebSocketWorkloads::limit);
    all.put("ws-stall", WebSocketWorkloads::stalled);
    all.put("sse", WebSocketWorkloads::serverSentEvents);
    all.put("idle", WebSocketWorkloads::idle);
    all.put("publish", PublishWorkloads::publish);
    all.put("grpc", GrpcWorkloads::fanOut);
    all.put("consume", GrpcWorkloads::consume);
    all.put("channels", ChannelWorkloads::channels);
    all.put("storm", StormWorkload::storm);
    return all;
  }
}
