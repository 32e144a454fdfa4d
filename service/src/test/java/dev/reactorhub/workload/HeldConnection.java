package dev.reactorhub.workload;

import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;

/** A publisher's connection, kept until the hub is elsewhere or it is given up. One thread. */
final class HeldConnection {
  private final PublishingFace face;
  private final HttpClient http;
  private PublishingFace.@Nullable Connection connection;
  private @Nullable Endpoint connectedTo;

  HeldConnection(PublishingFace face, HttpClient http) {
    this.face = face;
    this.http = http;
  }

  /** The connection to where the hub is now. */
  PublishingFace.Connection to(Endpoint now) throws Broken {
    PublishingFace.Connection held = connection;
    if (held != null && now.equals(connectedTo)) {
      return held;
    }
    giveUp();
    PublishingFace.Connection opened = face.connect(http, now);
    connection = opened;
    connectedTo = now;
    return opened;
  }

  /** Whether it leads, or led, there. */
  boolean leadsTo(Endpoint now) {
    return now.equals(connectedTo);
  }

  /** The next use connects anew. */
  void giveUp() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
