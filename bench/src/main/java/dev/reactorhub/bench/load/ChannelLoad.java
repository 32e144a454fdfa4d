package dev.reactorhub.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Clients each on channels of their own, or on patterns if there are several for each, while events
 * go to channels at random: 1,000 a second, each delivered once. Prints the hub's processor time
 * per delivery.
 */
final class ChannelLoad {
  private static final int EVENTS_PER_SECOND = 1000;
  private static final String EVENT_TYPE = "bench.channel";

  private final Machine machine;
  private final HubServer hub;

  ChannelLoad(Machine machine, HubServer hub) {
    this.machine = machine;
    this.hub = hub;
  }

  JsonNode run(int seconds, int clients, int each) throws IOException {
    return WsLoad.report(
        machine.run(
            Machine.LOAD_CORE, Machine.java(ChannelLoad.class, hub.pid(), seconds, clients, each)));
  }

  public static void main(String[] arguments) throws Exception {
    ProcessHandle server = ProcessHandle.of(Long.parseLong(arguments[0])).orElseThrow();
    int events = Integer.parseInt(arguments[1]) * EVENTS_PER_SECOND;
    int clients = Integer.parseInt(arguments[2]);
    int each = Integer.parseInt(arguments[3]);
    Random random = new Random(clients);
    try (Crowd crowd = new Crowd(HubServer.PORT, clients, i -> path(i, each), EVENT_TYPE);
        PublishStream stream = new PublishStream(EVENTS_PER_SECOND)) {
      Duration before = server.info().totalCpuDuration().orElseThrow();
      long start = System.nanoTime();
      for (int sent = 0; sent < events || crowd.count() < events; ) {
        long due = (System.nanoTime() - start) * EVENTS_PER_SECOND / 1_000_000_000L;
        for (; sent < Math.min(due, events); sent++) {
          stream.publish(EVENT_TYPE, channel(random.nextInt(clients), random.nextInt(each)), "");
        }
        crowd.poll(1);
        if (due > events * 2L) {
          throw new CannotRunException(crowd.count() + " of " + events + " events were delivered");
        }
      }
      Duration used = server.info().totalCpuDuration().orElseThrow().minus(before);
      System.out.printf(Locale.ROOT, "{\"cpu_us\":%d}%n", used.toNanos() / 1000 / events);
    }
  }

  private static String channel(int client, int number) {
    return "c." + client + "." + number;
  }

  /** Patterns that match as one channel does, when a client has several. */
  private static String path(int client, int each) {
    return IntStream.range(0, each)
        .mapToObj(number -> each == 1 ? channel(client, number) : pattern(client, number))
        .collect(Collectors.joining(",", "/ws/stream?channels=", ""));
  }

  private static String pattern(int client, int number) {
    return "*." + client + "." + number;
  }
}
