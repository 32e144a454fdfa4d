package dev.reactorhub.config;

import dev.reactorhub.consumer.ConsumerSettings;
import dev.reactorhub.grpc.GrpcConnectionSettings;
import dev.reactorhub.hub.HubSettings;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.web.WebSettings;
import dev.reactorhub.web.ws.WsSettings;
import dev.reactorhub.wire.WireLimits;

/** The settings of every part, checked. */
public record HubConfig(
    ServerSettings server,
    LogSettings log,
    HubSettings hub,
    WebSettings web,
    GrpcConnectionSettings grpc,
    SessionLimits sessions,
    ConsumerSettings consumers,
    SourceSettings sources,
    DrainSettings drain,
    LoggingSettings logging) {
  /** Connections beyond the sessions, for requests: a hub full of sessions still answers. */
  private static final int REQUEST_CONNECTIONS = 100;

  static HubConfig of(ConfigValues values) {
    return new HubConfig(
        new ServerSettings(
            values.get(ConfigKeys.SERVER_HOST),
            values.get(ConfigKeys.SERVER_PORT),
            values.get(ConfigKeys.GRPC_PORT),
            values.get(ConfigKeys.DATA_DIR)),
        new LogSettings(
            values.get(ConfigKeys.LOG_DURABILITY),
            values.get(ConfigKeys.LOG_RETENTION_AGE),
            values.get(ConfigKeys.LOG_RETENTION_BYTES),
            values.get(ConfigKeys.LOG_RETENTION_EVENTS),
            values.get(ConfigKeys.LOG_RETENTION_CHANNELS),
            values.get(ConfigKeys.LOG_DEDUP_WINDOW),
            values.get(ConfigKeys.LOG_DEDUP_IDS),
            values.get(ConfigKeys.LOG_PENDING_BYTES)),
        new HubSettings(
            values.get(ConfigKeys.HUB_WINDOW_EVENTS),
            values.get(ConfigKeys.HUB_WINDOW_BYTES),
            values.get(ConfigKeys.LIMITS_REPLAY_CONCURRENCY)),
        web(values),
        grpc(values),
        new SessionLimits(
            values.get(ConfigKeys.LIMITS_SESSIONS), values.get(ConfigKeys.LIMITS_SESSIONS_ADDRESS)),
        consumers(values),
        new SourceSettings(
            values.get(ConfigKeys.SOURCES_HOST_METRICS_INTERVAL),
            values.get(ConfigKeys.SOURCES_HEARTBEAT_INTERVAL)),
        new DrainSettings(
            values.get(ConfigKeys.DRAIN_DELAY),
            values.get(ConfigKeys.DRAIN_AWAY),
            values.get(ConfigKeys.DRAIN_WINDOW),
            values.get(ConfigKeys.DRAIN_GRACE)),
        new LoggingSettings(
            values.get(ConfigKeys.LOGGING_FORMAT), values.get(ConfigKeys.LOGGING_LEVEL)));
  }

  private static GrpcConnectionSettings grpc(ConfigValues values) {
    return new GrpcConnectionSettings(
        values.get(ConfigKeys.GRPC_KEEPALIVE_TIME),
        values.get(ConfigKeys.GRPC_KEEPALIVE_TIMEOUT),
        values.get(ConfigKeys.GRPC_KEEPALIVE_MIN),
        values.get(ConfigKeys.GRPC_CONNECTION_AGE),
        values.get(ConfigKeys.GRPC_CONNECTION_AGE_GRACE),
        values.get(ConfigKeys.GRPC_CONNECTION_IDLE),
        values.get(ConfigKeys.GRPC_CALLS_PER_CONNECTION),
        values.get(ConfigKeys.GRPC_METADATA_BYTES));
  }

  private static ConsumerSettings consumers(ConfigValues values) {
    return new ConsumerSettings(
        values.get(ConfigKeys.LIMITS_CONSUMERS),
        values.get(ConfigKeys.LIMITS_CONSUMER_OUTSTANDING_EVENTS),
        values.get(ConfigKeys.LIMITS_CONSUMER_OUTSTANDING_BYTES),
        values.get(ConfigKeys.LIMITS_CONSUMER_ACK_DEADLINE_MIN),
        values.get(ConfigKeys.LIMITS_CONSUMER_ACK_DEADLINE_MAX),
        values.get(ConfigKeys.CONSUMER_ACK_DEADLINE),
        values.get(ConfigKeys.CONSUMER_ATTEMPTS),
        values.get(ConfigKeys.LIMITS_CONSUMER_ATTEMPTS),
        values.get(ConfigKeys.LIMITS_CONSUMER_DELAY));
  }

  private static WebSettings web(ConfigValues values) {
    WireLimits limits =
        new WireLimits(
            values.get(ConfigKeys.LIMITS_EVENT_DATA_BYTES),
            values.get(ConfigKeys.LIMITS_BATCH_EVENTS),
            values.get(ConfigKeys.LIMITS_CHANNELS),
            values.get(ConfigKeys.LIMITS_TYPES),
            values.get(ConfigKeys.LIMITS_HISTORY_EVENTS));
    return new WebSettings(
        values.get(ConfigKeys.SERVER_HOST),
        values.get(ConfigKeys.SERVER_PORT),
        values.get(ConfigKeys.WEB_GREETING),
        values.get(ConfigKeys.WEB_HEARTBEAT),
        values.get(ConfigKeys.WEB_ALLOWED_ORIGINS),
        values.get(ConfigKeys.LIMITS_PUBLISH_RATE),
        values.get(ConfigKeys.LIMITS_SESSIONS) + REQUEST_CONNECTIONS,
        limits,
        new WsSettings(
            limits.messageBytesMax(),
            values.get(ConfigKeys.WEB_HEARTBEAT),
            values.get(ConfigKeys.WEB_IDLE),
            WsSettings.defaults().closeTimeout(),
            values.get(ConfigKeys.LIMITS_NO_PROGRESS)));
  }
}
