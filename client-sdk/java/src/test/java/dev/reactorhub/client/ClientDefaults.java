package dev.reactorhub.client;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The defaults of a client, as the README writes them. */
public final class ClientDefaults {
  private ClientDefaults() {}

  /** By the name of the setting. */
  public static Map<String, String> ofSettings() {
    ClientSettings defaults = ClientSettings.DEFAULT;
    Map<String, String> all = new HashMap<>();
    all.put("callTimeout", text(defaults.callTimeout()));
    all.put("publishTimeout", text(defaults.publishTimeout()));
    all.put("silenceMax", text(defaults.silenceMax()));
    all.put(
        "backoff", text(defaults.backoff().first()) + " to " + text(defaults.backoff().longest()));
    all.put("publishBytesMax", (defaults.publishBytesMax() >> 20) + " MiB");
    all.put("publishEventsMax", "" + defaults.publishEventsMax());
    all.put("messageBytesMax", (defaults.messageBytesMax() >> 20) + " MiB");
    all.put("positionSaveInterval", text(defaults.positionSaveInterval()));
    all.put("threads", "daemon threads");
    return all;
  }

  private static String text(Duration duration) {
    return duration.toMillis() < 1000 ? duration.toMillis() + " ms" : duration.toSeconds() + " s";
  }
}
