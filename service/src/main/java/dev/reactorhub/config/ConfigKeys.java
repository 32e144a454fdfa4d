package dev.reactorhub.config;

import dev.reactorhub.log.ChannelRetentionSettings;
import dev.reactorhub.log.LogSettings.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Every setting. {@code docs/configuration.md} lists them as well; a test compares the two. */
public final class ConfigKeys {
  public static final Key<String> SERVER_HOST =
      new Key<>(
          "server.host",
          ValueType.host(),
          "127.0.0.1",
          "Address that both ports bind to. Beyond loopback the hub is open to whoever reaches"
              + " it.");

  public static final Key<Integer> SERVER_PORT =
      new Key<>(
          "server.port",
          ValueType.number(0, 65_535),
          "8080",
          "Port of HTTP, WebSocket and SSE. 0: any free one.");

  public static final Key<Integer> GRPC_PORT =
      new Key<>("grpc.port", ValueType.number(0, 65_535), "9090", "Port of gRPC. 0: any free one.");

  public static final Key<Duration> GRPC_KEEPALIVE_TIME =
      new Key<>(
          "grpc.keepalive.time",
          ValueType.orZero(ValueType.duration("10s"), Duration.ZERO),
          "1m",
          "A gRPC connection on which nothing came for this long is pinged. 0: never.");

  public static final Key<Duration> GRPC_KEEPALIVE_TIMEOUT =
      new Key<>(
          "grpc.keepalive.timeout",
          ValueType.duration("1s"),
          "20s",
          "A gRPC client that does not answer a ping within this is gone.");

  public static final Key<Duration> GRPC_KEEPALIVE_MIN =
      new Key<>(
          "grpc.keepalive.min",
          ValueType.orZero(ValueType.duration("1s"), Duration.ZERO),
          "10s",
          "gRPC clients that ping more often are disconnected (too_many_pings). 0: as often as they"
              + " like.");

  public static final Key<Duration> GRPC_CONNECTION_AGE =
      new Key<>(
          "grpc.connection.age",
          ValueType.orZero(ValueType.duration("10s"), Duration.ZERO),
          "0",
          "A gRPC connection ends after this long, give or take a tenth: its streams are told where"
              + " to resume. 0: never.");

  public static final Key<Duration> GRPC_CONNECTION_AGE_GRACE =
      new Key<>(
          "grpc.connection.age-grace",
          ValueType.duration("1s"),
          "30s",
          "Calls of a gRPC connection that reached its age are cut after this long.");

  public static final Key<Duration> GRPC_CONNECTION_IDLE =
      new Key<>(
          "grpc.connection.idle",
          ValueType.orZero(ValueType.duration("10s"), Duration.ZERO),
          "5m",
          "A gRPC connection without a call for this long is closed. 0: never.");

  public static final Key<Integer> GRPC_CALLS_PER_CONNECTION =
      new Key<>(
          "grpc.calls-per-connection",
          ValueType.number(1, 1_000_000),
          "1000",
          "Open calls of one gRPC connection, streams included; a client keeps further ones back.");

  public static final Key<Integer> GRPC_METADATA_BYTES =
      new Key<>(
          "grpc.metadata.bytes",
          ValueType.size("4KiB", "256KiB"),
          "16KiB",
          "Metadata of one gRPC call; each entry counts 32 bytes more than its text.");

  public static final Key<Path> DATA_DIR =
      new Key<>(
          "data.dir",
          ValueType.path(),
          "./data",
          "Folder of the log. Made when missing; one hub at a time.");

  public static final Key<Durability> LOG_DURABILITY =
      new Key<>(
          "log.durability",
          ValueType.choice(Durability.class),
          "fsync",
          "When a publish is acknowledged: synced to the disk, handed to the operating system, or"
              + " kept in memory only.");

  public static final Key<Duration> LOG_RETENTION_AGE =
      new Key<>(
          "log.retention.age",
          ValueType.orZero(ValueType.duration("1s"), Duration.ZERO),
          "7d",
          "Events older than this are removed. 0: kept whatever their age.");

  public static final Key<Long> LOG_RETENTION_BYTES =
      new Key<>(
          "log.retention.bytes",
          ValueType.orZero(ValueType.size("1MiB"), 0L),
          "4GiB",
          "The oldest events are removed while the log is larger. 0: no bound.");

  public static final Key<Long> LOG_RETENTION_EVENTS =
      new Key<>(
          "log.retention.events",
          ValueType.number(0),
          "0",
          "The oldest events are removed while there are more. 0: no bound.");

  public static final Key<List<ChannelRetentionSettings>> LOG_RETENTION_CHANNELS =
      new Key<>(
          "log.retention.channels",
          RetentionRules.type(),
          "",
          "Events of these channels are removed earlier. The first rule whose pattern matches a"
              + " channel holds for it; a rule's bounds hold over all its channels together.");

  public static final Key<Duration> LOG_DEDUP_WINDOW =
      new Key<>(
          "log.dedup.window",
          ValueType.orZero(ValueType.duration("1s"), Duration.ZERO),
          "1h",
          "How long an event's id is remembered: publishing it again yields the first position. 0:"
              + " not at all.");

  public static final Key<Integer> LOG_DEDUP_IDS =
      new Key<>(
          "log.dedup.ids",
          ValueType.number(1, 100_000_000),
          "1000000",
          "At most this many ids are remembered, the newest.");

  public static final Key<Long> LOG_PENDING_BYTES =
      new Key<>(
          "log.pending.bytes",
          ValueType.size("1MiB"),
          "64MiB",
          "Publishers wait while more than this is not yet written.");

  public static final Key<Integer> HUB_WINDOW_EVENTS =
      new Key<>(
          "hub.window.events",
          ValueType.number(2, 1 << 24),
          "65536",
          "Newest events kept encoded for live delivery; rounded down to a power of two.");

  public static final Key<Long> HUB_WINDOW_BYTES =
      new Key<>("hub.window.bytes", ValueType.size("1MiB"), "64MiB", "Bytes of those events.");

  public static final Key<Integer> LIMITS_REPLAY_CONCURRENCY =
      new Key<>(
          "limits.replay.concurrency",
          ValueType.number(1, 1024),
          "8",
          "Clients that are behind read in turns, one batch each: so many at once, but no more than"
              + " there are processors.");

  public static final Key<Integer> LIMITS_EVENT_DATA_BYTES =
      new Key<>(
          "limits.event.data.bytes", ValueType.size("1KiB", "64MiB"), "1MiB", "An event's data.");

  public static final Key<Integer> LIMITS_BATCH_EVENTS =
      new Key<>(
          "limits.batch.events",
          ValueType.number(1, 100_000),
          "1000",
          "Events in one publish request.");

  public static final Key<Integer> LIMITS_CHANNELS =
      new Key<>(
          "limits.channels",
          ValueType.number(1, 10_000),
          "128",
          "Channels and patterns of one session.");

  public static final Key<Integer> LIMITS_TYPES =
      new Key<>(
          "limits.types", ValueType.number(1, 10_000), "128", "Event types named by one session.");

  public static final Key<Integer> LIMITS_SESSIONS =
      new Key<>(
          "limits.sessions",
          ValueType.number(1, 1_000_000),
          "18000",
          "Open sessions of all faces. Fewer when the process may not open as many files: see"
              + " below.");

  public static final Key<Integer> LIMITS_SESSIONS_ADDRESS =
      new Key<>(
          "limits.sessions.address",
          ValueType.number(1, 1_000_000),
          "18000",
          "Open sessions from one address.");

  public static final Key<Integer> LIMITS_PUBLISH_RATE =
      new Key<>(
          "limits.publish.rate",
          ValueType.number(1, 10_000_000),
          "20000",
          "Events per second that one WebSocket session may publish.");

  public static final Key<Integer> LIMITS_HISTORY_EVENTS =
      new Key<>(
          "limits.history.events",
          ValueType.number(1, 100_000),
          "1000",
          "Events of one page of history.");

  public static final Key<Duration> LIMITS_NO_PROGRESS =
      new Key<>(
          "limits.no-progress",
          ValueType.duration("1s"),
          "30s",
          "A session whose peer takes no byte for this long is cut.");

  public static final Key<String> WEB_GREETING =
      new Key<>(
          "web.greeting",
          ValueType.text(256),
          "Connected to PulseAI Reactor",
          "The message of a WebSocket's first frame.");

  public static final Key<Duration> WEB_HEARTBEAT =
      new Key<>(
          "web.heartbeat",
          ValueType.duration("1s"),
          "25s",
          "A session that was sent nothing for this long is told its position; a silent WebSocket"
              + " is pinged.");

  public static final Key<Duration> WEB_IDLE =
      new Key<>(
          "web.idle",
          ValueType.duration("2s"),
          "60s",
          "A WebSocket from which nothing came for this long is closed. Longer than"
              + " web.heartbeat.");

  public static final Key<List<String>> WEB_ALLOWED_ORIGINS =
      new Key<>(
          "web.allowed-origins",
          ValueType.origins(),
          "",
          "Pages of these origins may use the hub besides its own. *: pages of any origin.");

  public static final Key<Duration> SOURCES_HOST_METRICS_INTERVAL =
      new Key<>(
          "sources.host-metrics.interval",
          ValueType.orZero(ValueType.duration("100ms"), Duration.ZERO),
          "5s",
          "How often the hub emits system_health_check. 0: never.");

  public static final Key<Duration> SOURCES_HEARTBEAT_INTERVAL =
      new Key<>(
          "sources.heartbeat.interval",
          ValueType.orZero(ValueType.duration("100ms"), Duration.ZERO),
          "30s",
          "How often the hub emits reactor_heartbeat. 0: never.");

  public static final Key<Duration> CONSUMER_ACK_DEADLINE =
      new Key<>(
          "consumer.ack-deadline",
          ValueType.duration("1s"),
          "30s",
          "How long an event may be outstanding with a client of a durable consumer that asks for"
              + " no other time; then it is given again.");

  public static final Key<Integer> CONSUMER_ATTEMPTS =
      new Key<>(
          "consumer.attempts",
          ValueType.number(1, 1_000),
          "5",
          "An event whose deliveries failed so often is published on the dead letter channel,"
              + " unless the consumer says otherwise.");

  public static final Key<Integer> LIMITS_CONSUMERS =
      new Key<>(
          "limits.consumers",
          ValueType.number(1, 100_000),
          "1000",
          "Durable consumers, used or not.");

  public static final Key<Integer> LIMITS_CONSUMER_OUTSTANDING_EVENTS =
      new Key<>(
          "limits.consumer.outstanding.events",
          ValueType.number(1, 1_000_000),
          "10000",
          "Events of one durable consumer between its cursor and the newest that was read for it;"
              + " no client is granted more.");

  public static final Key<Long> LIMITS_CONSUMER_OUTSTANDING_BYTES =
      new Key<>(
          "limits.consumer.outstanding.bytes",
          ValueType.size("64KiB"),
          "64MiB",
          "Bytes that one client of a durable consumer may have outstanding.");

  public static final Key<Duration> LIMITS_CONSUMER_ACK_DEADLINE_MIN =
      new Key<>(
          "limits.consumer.ack-deadline.min",
          ValueType.duration("100ms"),
          "1s",
          "The shortest acknowledgement deadline that a client may ask for.");

  public static final Key<Duration> LIMITS_CONSUMER_ACK_DEADLINE_MAX =
      new Key<>(
          "limits.consumer.ack-deadline.max", ValueType.duration("1s"), "1h", "The longest one.");

  public static final Key<Integer> LIMITS_CONSUMER_ATTEMPTS =
      new Key<>(
          "limits.consumer.attempts",
          ValueType.number(1, 1_000),
          "100",
          "The most failed deliveries of an event that a consumer may ask for.");

  public static final Key<Duration> LIMITS_CONSUMER_DELAY =
      new Key<>(
          "limits.consumer.delay",
          ValueType.duration("1s"),
          "1h",
          "The longest delay of a rejected event.");

  public static final Key<Duration> DRAIN_WINDOW =
      new Key<>(
          "drain.window",
          ValueType.orZero(ValueType.duration("1s"), Duration.ZERO),
          "10s",
          "Over this window the clients of a stopping hub are told to come back, each at a time of"
              + " its own.");

  public static final Key<LoggingSettings.Format> LOGGING_FORMAT =
      new Key<>(
          "logging.format",
          ValueType.choice(LoggingSettings.Format.class),
          "text",
          "How the hub writes what it has to say, on the error stream: lines for people, or one"
              + " JSON object a line.");

  public static final Key<LoggingSettings.Level> LOGGING_LEVEL =
      new Key<>(
          "logging.level",
          ValueType.choice(LoggingSettings.Level.class),
          "info",
          "Messages of the hub that are less severe are left out.");
  public static final Key<Duration> DRAIN_AWAY =
      new Key<>(
          "drain.away",
          ValueType.orZero(ValueType.duration("100ms"), Duration.ZERO),
          "2s",
          "How long until a hub answers again: no client of a stopping hub is told to come back"
              + " earlier.");

  public static final Key<Duration> DRAIN_DELAY =
      new Key<>(
          "drain.delay",
          ValueType.orZero(ValueType.duration("100ms"), Duration.ZERO),
          "0",
          "A hub that was asked to stop goes on for this long, not ready, before it sends its"
              + " clients away.");

  public static final Key<Duration> DRAIN_GRACE =
      new Key<>(
          "drain.grace",
          ValueType.duration("10s"),
          "25s",
          "The whole stop takes no longer. At least 10s longer than drain.delay.");

  /** All of them, in the order of the documentation. */
  public static final List<Key<?>> ALL =
      List.of(
          SERVER_HOST,
          SERVER_PORT,
          GRPC_PORT,
          GRPC_KEEPALIVE_TIME,
          GRPC_KEEPALIVE_TIMEOUT,
          GRPC_KEEPALIVE_MIN,
          GRPC_CONNECTION_AGE,
          GRPC_CONNECTION_AGE_GRACE,
          GRPC_CONNECTION_IDLE,
          GRPC_CALLS_PER_CONNECTION,
          GRPC_METADATA_BYTES,
          DATA_DIR,
          LOG_DURABILITY,
          LOG_RETENTION_AGE,
          LOG_RETENTION_BYTES,
          LOG_RETENTION_EVENTS,
          LOG_RETENTION_CHANNELS,
          LOG_DEDUP_WINDOW,
          LOG_DEDUP_IDS,
          LOG_PENDING_BYTES,
          HUB_WINDOW_EVENTS,
          HUB_WINDOW_BYTES,
          LIMITS_REPLAY_CONCURRENCY,
          LIMITS_EVENT_DATA_BYTES,
          LIMITS_BATCH_EVENTS,
          LIMITS_CHANNELS,
          LIMITS_TYPES,
          LIMITS_SESSIONS,
          LIMITS_SESSIONS_ADDRESS,
          LIMITS_PUBLISH_RATE,
          LIMITS_HISTORY_EVENTS,
          LIMITS_NO_PROGRESS,
          WEB_GREETING,
          WEB_HEARTBEAT,
          WEB_IDLE,
          WEB_ALLOWED_ORIGINS,
          SOURCES_HOST_METRICS_INTERVAL,
          SOURCES_HEARTBEAT_INTERVAL,
          CONSUMER_ACK_DEADLINE,
          CONSUMER_ATTEMPTS,
          LIMITS_CONSUMERS,
          LIMITS_CONSUMER_OUTSTANDING_EVENTS,
          LIMITS_CONSUMER_OUTSTANDING_BYTES,
          LIMITS_CONSUMER_ACK_DEADLINE_MIN,
          LIMITS_CONSUMER_ACK_DEADLINE_MAX,
          LIMITS_CONSUMER_ATTEMPTS,
          LIMITS_CONSUMER_DELAY,
          DRAIN_WINDOW,
          DRAIN_AWAY,
          DRAIN_DELAY,
          DRAIN_GRACE,
          LOGGING_FORMAT,
          LOGGING_LEVEL);

  private ConfigKeys() {}
}
