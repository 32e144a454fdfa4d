package dev.reactorhub.web.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.Http1ConnectionSelectorConfig;
import io.helidon.webserver.websocket.WsRouting;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.function.Consumer;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to the peer other than the accepted channel. */
final class WsTransportTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final RecordingListener listener = new RecordingListener();
  private final WsConnections connections = WsConnections.start(WsSettings.defaults());

  @Test
  void aConnectionOverTlsSendsAndClosesAsAnyOther(@TempDir Path folder) throws Exception {
    SSLContext context = selfSigned(folder.resolve("keys.p12"));
    WebServer server =
        start(
            builder ->
                builder
                    .connectionOptions(connections.socketOptions())
                    .tls(Tls.builder().sslContext(context).build()));
    try (RawClient client =
        new RawClient(
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.port()))) {
      exchange(client.upgraded());
    } finally {
      server.stop();
      connections.close();
    }
  }

  @Test
  void aServerWithoutOurSocketOptionsIsServedThroughItsOwnSocket() throws Exception {
    WebServer server = start(builder -> {});
    try (RawClient client = RawClient.open(server.port())) {
      exchange(client);
    } finally {
      server.stop();
      connections.close();
    }
  }

  private void exchange(RawClient client) throws Exception {
    WsConnection connection = listener.connection();
    ByteBuffer[] frames = new ByteBuffer[500];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = WsFrames.text(("x".repeat(i) + i).getBytes(UTF_8));
    }
    Thread writer = Thread.startVirtualThread(() -> connection.write(frames));
    for (int i = 0; i < frames.length; i++) {
      assertThat(client.readFrame().text()).isEqualTo("x".repeat(i) + i);
    }
    writer.join();
    client.sendText("hello");
    connection.closeWith(1012, "restarting");
    assertThat(client.readFrame().closeReason()).isEqualTo("restarting");
    client.sendClose(1012, "");
    assertThat(client.readsEnd()).isTrue();
    assertThat(listener.next()).isEqualTo("open");
    String call = listener.next();
    assertThat(call.equals("text hello") ? listener.next() : call)
        .isEqualTo("close 1012 restarting");
  }

  private WebServer start(Consumer<WebServerConfig.Builder> more) {
    Http1ConnectionSelectorConfig.Builder http1 =
        Http1ConnectionSelector.builder().config(Http1Config.create());
    connections.upgraders(handshake -> HandshakeDecision.accept()).forEach(http1::addUpgrader);
    WebServerConfig.Builder builder =
        WebServer.builder()
            .host("127.0.0.1")
            .port(0)
            .addConnectionSelector(http1.build())
            .addRouting(WsRouting.builder().endpoint("/ws", () -> listener));
    more.accept(builder);
    return builder.build().start();
  }

  private static SSLContext selfSigned(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, PASSWORD);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
