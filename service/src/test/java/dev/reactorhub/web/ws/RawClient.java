package dev.reactorhub.web.ws;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that sends exactly the bytes it is told to, right or wrong. */
final class RawClient implements AutoCloseable {
  static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  static final int FIN = 0x80;
  private static final int READ_TIMEOUT_MILLIS = 20_000;
  private static final byte[] MASK = {0x11, 0x7F, (byte) 0x80, (byte) 0xFE};

  private final Socket socket;
  private final DataInputStream in;

  /** A frame from the server; {@code first} holds FIN, reserved bits and opcode. */
  @SuppressWarnings("ArrayRecordComponent")
  record Frame(int first, byte[] payload) {
    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    int closeCode() {
      return (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
    }

    String closeReason() {
      return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
    }
  }

  /** The status line's code, and the header lines and body as they came. */
  record Response(int status, List<String> headers, String body) {}

  RawClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    this.in = new DataInputStream(socket.getInputStream());
  }

  static RawClient connect(int port) throws IOException {
    return new RawClient(new Socket(InetAddress.getLoopbackAddress(), port));
  }

  /** A client whose kernel takes few bytes when it does not read. */
  static RawClient connectSmall(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    return new RawClient(socket);
  }

  /** Connects and completes the handshake. */
  static RawClient open(int port) throws IOException {
    return connect(port).upgraded();
  }

  RawClient upgraded() throws IOException {
    send(head("/ws"));
    Response response = readResponse();
    if (response.status != 101) {
      throw new IOException("not upgraded: " + response);
    }
    return this;
  }

  static String head(String path, String... moreHeaders) {
    StringBuilder head =
        new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n")
            .append("Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n")
            .append("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n");
    for (String header : moreHeaders) {
      head.append(header).append("\r\n");
    }
    return head.append("\r\n").toString();
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.UTF_8));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  void sendText(String text) throws IOException {
    sendFrame(FIN | WsFrames.TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  void sendFrame(int first, byte... payload) throws IOException {
    send(frame(first, payload));
  }

  void sendClose(int code, String reason) throws IOException {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[2 + text.length];
    payload[0] = (byte) (code >>> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, text.length);
    sendFrame(FIN | WsFrames.CLOSE, payload);
  }

  static byte[] frame(int first, byte... payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else {
      frame.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >>> shift));
      }
    }
    frame.writeBytes(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ MASK[i & 3]);
    }
    return frame.toByteArray();
  }

  Response readResponse() throws IOException {
    String statusLine = readLine();
    List<String> headers = new ArrayList<>();
    int length = 0;
    for (String line = readLine(); !line.isEmpty(); line = readLine()) {
      headers.add(line);
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).trim());
      }
    }
    byte[] body = in.readNBytes(length);
    int status = Integer.parseInt(statusLine.substring(9, 12));
    return new Response(status, headers, new String(body, StandardCharsets.UTF_8));
  }

  Frame readFrame() throws IOException {
    int first = in.readUnsignedByte();
    int length = in.readUnsignedByte();
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    return new Frame(first, in.readNBytes(length));
  }

  /** The next frame, or null at the end of the stream. */
  @Nullable Frame readFrameOrEnd() throws IOException {
    try {
      return readFrame();
    } catch (EOFException e) {
      return null;
    }
  }

  boolean hasBytes() throws IOException {
    return in.available() > 0;
  }

  /** True at the end of the stream, false for another byte; throws on a reset. */
  boolean readsEnd() throws IOException {
    return in.read() < 0;
  }

  /** Ends the connection with a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }
}
