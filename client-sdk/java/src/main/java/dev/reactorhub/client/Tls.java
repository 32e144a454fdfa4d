package dev.reactorhub.client;

import static java.util.Objects.requireNonNull;

import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a client encrypts its connections, checks the hub, and shows a certificate of its own. Values
 * are immutable: each method returns another one. Any thread.
 *
 * <p>The files are read when the client is built. A certificate that is replaced later is used by
 * clients built later.
 */
public final class Tls {
  private static final Tls SYSTEM = new Tls(null, null, null, null);

  private final @Nullable Path trust;
  private final @Nullable Path chain;
  private final @Nullable Path key;
  private final @Nullable String serverName;

  private Tls(
      @Nullable Path trust, @Nullable Path chain, @Nullable Path key, @Nullable String serverName) {
    this.trust = trust;
    this.chain = chain;
    this.key = key;
    this.serverName = serverName;
  }

  /**
   * TLS that trusts the authorities this Java installation trusts.
   *
   * @return the settings
   */
  public static Tls system() {
    return SYSTEM;
  }

  /**
   * Trusts the authorities in a file, and no others.
   *
   * @param certificates X.509 certificates, PEM
   * @return the changed settings
   */
  public Tls trusting(Path certificates) {
    return new Tls(requireNonNull(certificates, "certificates"), chain, key, serverName);
  }

  /**
   * Shows a certificate to the hub (mutual TLS).
   *
   * @param certificates the client's X.509 certificate, then those that lead to its authority; PEM
   * @param privateKey its key, PKCS #8, PEM, not encrypted
   * @return the changed settings
   */
  public Tls presenting(Path certificates, Path privateKey) {
    return new Tls(
        trust,
        requireNonNull(certificates, "certificates"),
        requireNonNull(privateKey, "privateKey"),
        serverName);
  }

  /**
   * Checks the hub's certificate for another name than the endpoint's host, for example where an
   * endpoint is an address.
   *
   * @param name the name in the certificate
   * @return the changed settings
   */
  public Tls expecting(String name) {
    return new Tls(trust, chain, key, requireNonNull(name, "name"));
  }

  Optional<String> serverName() {
    return Optional.ofNullable(serverName);
  }

  ChannelCredentials toCredentials() {
    TlsChannelCredentials.Builder builder = TlsChannelCredentials.newBuilder();
    try {
      if (trust != null) {
        builder.trustManager(trust.toFile());
      }
      if (chain != null) {
        builder.keyManager(chain.toFile(), requireNonNull(key).toFile());
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("a file named in tls cannot be read: " + e, e);
    }
    return builder.build();
  }
}
