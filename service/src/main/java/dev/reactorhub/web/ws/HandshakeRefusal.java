package dev.reactorhub.web.ws;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataWriter;
import io.helidon.http.Status;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Leaves the upgrade with an HTTP answer other than 101. Internal.
 *
 * <p>Written by ourselves: Helidon's own answers to a failed request leave out the body unless the
 * whole listener is configured to show it.
 */
final class HandshakeRefusal extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient HandshakeDecision.Refused answer;

  HandshakeRefusal(HandshakeDecision.Refused answer) {
    super("handshake refused with status " + answer.status(), null, false, false);
    this.answer = answer;
  }

  HandshakeRefusal(int status, String text, Map<String, String> headers) {
    this(new HandshakeDecision.Refused(status, headers, HandshakeDecision.PLAIN_TEXT, text));
  }

  HandshakeRefusal(int status, String text) {
    this(status, text, Map.of());
  }

  /** Writes the answer; the caller closes the connection after it. */
  void writeTo(DataWriter writer) {
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    StringBuilder head =
        new StringBuilder(256)
            .append("HTTP/1.1 ")
            .append(answer.status())
            .append(' ')
            .append(Status.create(answer.status()).reasonPhrase())
            .append("\r\n");
    answer.headers().forEach((name, value) -> line(head, name, value));
    line(head, "Content-Type", answer.contentType());
    line(head, "Content-Length", String.valueOf(body.length));
    line(head, "Connection", "close");
    byte[] headBytes = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    BufferData response = BufferData.create(headBytes.length + body.length);
    response.write(headBytes);
    response.write(body);
    writer.write(response);
    writer.flush();
  }

  private static void line(StringBuilder head, String name, String value) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
}
