package dev.reactorhub.web.ws;

import static dev.reactorhub.web.ws.RawClient.FIN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WsConnectionTest {
  private static final int MESSAGE_BYTES_MAX = 1000;

  private final RecordingListener listener = new RecordingListener();
  private final AtomicInteger leasesEnded = new AtomicInteger();
  private final WsTestServer server =
      new WsTestServer(
          WsConnections.start(
              new WsSettings(
                  MESSAGE_BYTES_MAX,
                  Duration.ofSeconds(25),
                  Duration.ofSeconds(60),
                  Duration.ofSeconds(5),
                  Duration.ofSeconds(30))),
          handshake -> HandshakeDecision.accept("attached", leasesEnded::incrementAndGet),
          () -> listener);
  private RawClient client;

  WsConnectionTest() throws IOException {
    client = RawClient.open(server.port());
  }

  @BeforeEach
  void isOpened() throws Exception {
    assertThat(listener.next()).isEqualTo("open");
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
    assertThat(server.connections().awaitEmpty(Duration.ofSeconds(10))).isTrue();
    assertThat(leasesEnded).hasValue(1);
  }

  @Test
  void fragmentsBecomeOneMessageAndAPingBetweenThemIsAnsweredAtOnce() throws Exception {
    client.sendFrame(WsFrames.TEXT, "one ".getBytes(UTF_8));
    client.sendFrame(FIN | WsFrames.PING, "p".getBytes(UTF_8));
    client.sendFrame(WsFrames.CONTINUATION);
    RawClient.Frame pong = client.readFrame();
    client.sendFrame(FIN | WsFrames.CONTINUATION, "message".getBytes(UTF_8));

    assertThat(pong.first()).isEqualTo(FIN | WsFrames.PONG);
    assertThat(pong.text()).isEqualTo("p");
    assertThat(listener.next()).isEqualTo("ping 1");
    assertThat(listener.next()).isEqualTo("text one message");
  }

  @Test
  void aCharacterMayBeSplitBetweenFragments() throws Exception {
    byte[] euro = "€".getBytes(UTF_8);
    client.sendFrame(WsFrames.TEXT, euro[0]);
    client.sendFrame(WsFrames.CONTINUATION, euro[1]);
    client.sendFrame(FIN | WsFrames.CONTINUATION, euro[2], (byte) '!');
    assertThat(listener.next()).isEqualTo("text €!");
  }

  @Test
  void invalidTextIsRefusedBeforeItsFrameIsComplete() throws Exception {
    byte[] frame = RawClient.frame(FIN | WsFrames.TEXT, (byte) 'a', (byte) 0xFF, (byte) 'b');
    client.send(Arrays.copyOf(frame, frame.length - 1));
    expectClose(1007, "a text message is not valid UTF-8");
  }

  @Test
  void textThatEndsInsideACharacterIsRefused() throws Exception {
    client.sendFrame(FIN | WsFrames.TEXT, (byte) 0xE2, (byte) 0x82);
    expectClose(1007, "a text message is not valid UTF-8");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource({
    "c18000000000, a reserved bit is set and no extension was negotiated",
    "838000000000, unknown opcode 3",
    "8b8000000000, unknown opcode 11",
    "8101, a client frame must be masked",
    "098000000000, a control frame must not be fragmented",
    "89fe, a control frame may have at most 125 bytes of payload",
    "808000000000, a continuation frame without a message to continue",
    "018000000000818000000000, a new message before the last one was finished",
    "82ff8000000000000000, the highest bit of a 64-bit length must be 0",
    "88810000000003, a close frame's payload must be empty or begin with a 2-byte code",
    "88820000000003ed, close code 1005 must not be sent",
    "88820000000003e7, close code 999 must not be sent",
    "888200000000044c, close code 1100 must not be sent",
    "8882000000001388, close code 5000 must not be sent"
  })
  void aProtocolErrorIsAnsweredWith1002(String hex, String reason) throws Exception {
    client.send(HexFormat.of().parseHex(hex));
    expectClose(1002, reason);
  }

  @Test
  void aCloseReasonMustBeUtf8() throws Exception {
    client.sendFrame(FIN | WsFrames.CLOSE, (byte) 3, (byte) 0xE8, (byte) 0xC0);
    expectClose(1007, "the close reason is not valid UTF-8");
  }

  @Test
  void aMessageOverTheLimitIsRefusedFromItsHeader() throws Exception {
    client.send(HexFormat.of().parseHex("82fe03e9"));
    expectClose(1009, "a message may have at most 1000 bytes");
  }

  @Test
  void theLimitHoldsOverAllFragments() throws Exception {
    client.sendFrame(WsFrames.BINARY, new byte[600]);
    client.sendFrame(FIN | WsFrames.CONTINUATION, new byte[400]);
    assertThat(listener.next()).isEqualTo("binary 1000");
    client.sendFrame(WsFrames.BINARY, new byte[600]);
    client.sendFrame(FIN | WsFrames.CONTINUATION, new byte[401]);
    expectClose(1009, "a message may have at most 1000 bytes");
  }

  @Test
  void theCloseFrameReachesAClientThatIsStillSending() throws Exception {
    client.sendFrame(FIN | WsFrames.BINARY, new byte[200_000]);
    expectClose(1009, "a message may have at most 1000 bytes");
  }

  @Test
  void aCloseIsEchoedAndTold() throws Exception {
    client.sendClose(4001, "enough");
    RawClient.Frame echo = client.readFrame();
    assertThat(echo.first()).isEqualTo(FIN | WsFrames.CLOSE);
    assertThat(echo.closeCode()).isEqualTo(4001);
    assertThat(client.readsEnd()).isTrue();
    expectLast("close 4001 enough");
  }

  @Test
  void aCloseWithoutCodeIsEchoedWithoutCodeAndToldAs1005() throws Exception {
    client.sendFrame(FIN | WsFrames.CLOSE);
    assertThat(client.readFrame().payload()).isEmpty();
    expectLast("close 1005 ");
  }

  @Test
  void ourCloseIsToldOnceWhenThePeerAnswersAndNothingIsSentAfterIt() throws Exception {
    WsConnection connection = listener.connection();
    assertThat(connection.isOpen()).isTrue();
    connection.closeWith(1012, "restarting");
    assertThat(connection.isOpen()).isFalse();
    assertThat(connection.write(WsFrames.text(new byte[] {'x'}))).isFalse();
    connection.send("x", true).close(4000, "again");
    client.sendText("dropped");
    client.sendFrame(FIN | WsFrames.PING);

    RawClient.Frame close = client.readFrame();
    assertThat(close.closeCode()).isEqualTo(1012);
    assertThat(close.closeReason()).isEqualTo("restarting");
    client.sendClose(1012, "");
    assertThat(client.readsEnd()).isTrue();
    expectLast("close 1012 restarting");
  }

  @Test
  void aCodeThatMustNotBeSentIsRefused() {
    assertThatThrownBy(() -> listener.connection().closeWith(1006, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("close code is 1006: must not be sent");
  }

  @Test
  void partsOfAMessageAreNotSent() {
    assertThatThrownBy(() -> listener.connection().send("part", false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anEndOfStreamWithoutCloseFrameIsToldOnceAs1006() throws Exception {
    client.sendFrame(WsFrames.TEXT, (byte) 'h');
    client.shutdownOutput();
    assertThat(client.readsEnd()).isTrue();
    expectLast("close 1006 the stream ended without a close frame");
  }

  @Test
  void aResetIsToldOnceAsAnError() throws Exception {
    client.reset();
    expectLast("error UncheckedIOException");
  }

  @Test
  void aListenerThatThrowsEndsItsConnectionWith1011() throws Exception {
    client.sendText("throw");
    RawClient.Frame close = client.readFrame();
    assertThat(close.closeCode()).isEqualTo(1011);
    assertThat(close.closeReason()).isEqualTo("internal error");
    client.close();
    expectLast("error IllegalStateException");
  }

  @Test
  void aStoppingServerSendsACloseFrameAndTheListenerIsTold() throws Exception {
    server.close();
    assertThat(client.readFrame().closeCode()).isEqualTo(1001);
    expectLast("close 1001 the server is stopping");
  }

  @Test
  void closingAllTellsEveryListenerBeforeItIsEmpty() throws Exception {
    assertThat(server.connections().awaitEmpty(Duration.ZERO)).isFalse();
    server.connections().closeAll(1012, "restarting");
    assertThat(client.readFrame().closeCode()).isEqualTo(1012);
    client.sendClose(1012, "");
    assertThat(server.connections().awaitEmpty(Duration.ofSeconds(10))).isTrue();
    assertThat(listener.hasMore()).isTrue();
    assertThat(listener.next()).isEqualTo("close 1012 restarting");
  }

  @Test
  void terminateDoesNotWaitForThePeer() throws Exception {
    listener.connection().terminate();
    assertThat(client.readFrame().closeCode()).isEqualTo(1000);
    assertThat(client.readsEnd()).isTrue();
    expectLast("close 1000 ");
  }

  @Test
  void framesThatFollowTheRequestHeadAtOnceAreRead() throws Exception {
    client.sendClose(1000, "");
    expectLast("close 1000 ");
    try (RawClient eager = RawClient.connect(server.port())) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(RawClient.head("/ws").getBytes(UTF_8));
      bytes.writeBytes(RawClient.frame(FIN | WsFrames.TEXT, "first".getBytes(UTF_8)));
      bytes.writeBytes(RawClient.frame(FIN | WsFrames.PING, (byte) 1));
      eager.send(bytes.toByteArray());
      assertThat(eager.readResponse().status()).isEqualTo(101);
      assertThat(listener.next()).isEqualTo("open");
      assertThat(listener.next()).isEqualTo("text first");
      assertThat(eager.readFrame().first()).isEqualTo(FIN | WsFrames.PONG);
    }
    assertThat(listener.next()).isEqualTo("ping 1");
    assertThat(listener.next()).startsWith("close 1006");
    await().until(() -> leasesEnded.get() == 2);
    leasesEnded.decrementAndGet();
  }

  @Test
  void theSinkKnowsItsPeerAndWhatThePolicyAttached() throws Exception {
    FrameSink sink = listener.connection();
    assertThat(sink.remoteAddress()).startsWith("127.0.0.1:");
    assertThat(sink.attachment()).isEqualTo("attached");
    assertThat(sink.write(new ByteBuffer[0])).isTrue();
    assertThat(sink.write(WsFrames.text("é".getBytes(UTF_8)))).isTrue();
    assertThat(client.readFrame().text()).isEqualTo("é");
  }

  private void expectClose(int code, String reason) throws Exception {
    RawClient.Frame close = client.readFrame();
    assertThat(close.first()).isEqualTo(FIN | WsFrames.CLOSE);
    assertThat(close.closeCode()).isEqualTo(code);
    assertThat(close.closeReason()).isEqualTo(reason);
    assertThat(client.readsEnd()).isTrue();
    client.close();
    expectLast("close " + code + " " + reason);
  }

  private void expectLast(String call) throws Exception {
    assertThat(listener.next()).isEqualTo(call);
    await().until(() -> server.connections().size() == 0 && leasesEnded.get() >= 1);
    assertThat(listener.hasMore()).isFalse();
  }
}
