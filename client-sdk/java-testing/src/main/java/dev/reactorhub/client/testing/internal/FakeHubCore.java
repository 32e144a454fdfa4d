package dev.reactorhub.client.testing.internal;

import dev.reactorhub.client.testing.HubCall;
import dev.reactorhub.client.testing.Refusal;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of the fake hub, put together. */
public final class FakeHubCore implements AutoCloseable {
  private final FakeHubState state = new FakeHubState();
  private final Script script = new Script();
  private final HubServer server;

  /** Starts it. */
  public FakeHubCore(int port, @Nullable ServerCredentials credentials) {
    server = new HubServer(port, new FakeServices(state).all(), credentials, script);
  }

  /** TLS from PEM files; a client must show a certificate of the authorities, if they are given. */
  public static ServerCredentials tls(Path chain, Path key, @Nullable Path clientAuthorities) {
    try {
      TlsServerCredentials.Builder builder =
          TlsServerCredentials.newBuilder().keyManager(chain.toFile(), key.toFile());
      if (clientAuthorities != null) {
        builder
            .trustManager(clientAuthorities.toFile())
            .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
      }
      return builder.build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public FakeHubState state() {
    return state;
  }

  public HubServer server() {
    return server;
  }

  public void refuseNext(HubCall call, Refusal refusal) {
    script.refuseNext(call, refusal);
  }

  public void delayNext(HubCall call, Duration delay) {
    script.delayNext(call, delay);
  }

  public void requireToken(String token) {
    script.requireToken(token);
  }

  public List<String> tokens() {
    return script.tokens();
  }

  @Override
  public void close() {
    server.close();
    script.close();
  }
}
