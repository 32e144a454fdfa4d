package dev.reactorhub.wire;

import dev.reactorhub.event.Position;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Builds server-sent events (WHATWG HTML, section 9.2). */
public final class SseEvent {
  private SseEvent() {}

  /** One message with an id; the data holds no line break. */
  public static byte[] message(Position id, byte[] dataUtf8) {
    byte[] head = ("id: " + id + "\ndata: ").getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[head.length + dataUtf8.length + 2];
    System.arraycopy(head, 0, all, 0, head.length);
    System.arraycopy(dataUtf8, 0, all, head.length, dataUtf8.length);
    all[all.length - 2] = '\n';
    all[all.length - 1] = '\n';
    return all;
  }

  /** Moves the client's last event id, and nothing else: a heartbeat that no page sees. */
  public static byte[] id(Position id) {
    return ("id: " + id + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  /** How long the browser waits before it connects again. */
  public static byte[] retry(Duration delay) {
    return ("retry: " + delay.toMillis() + "\n\n").getBytes(StandardCharsets.UTF_8);
  }
}
