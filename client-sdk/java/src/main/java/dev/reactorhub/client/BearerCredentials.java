package dev.reactorhub.client;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.Executor;

/** Puts the token of its supplier on each call (RFC 6750). Any thread. */
final class BearerCredentials extends CallCredentials {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final TokenSupplier tokens;

  BearerCredentials(TokenSupplier tokens) {
    this.tokens = tokens;
  }

  @Override
  public void applyRequestMetadata(
      RequestInfo request, Executor executor, MetadataApplier applier) {
    // The caller's thread must not wait for a token; the executor's may.
    executor.execute(() -> apply(applier));
  }

  private void apply(MetadataApplier applier) {
    Metadata headers = new Metadata();
    try {
      headers.put(AUTHORIZATION, "Bearer " + tokens.token());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      applier.fail(noToken(e));
      return;
    } catch (Throwable e) {
      // Whatever the supplier throws: the call must learn of it, or it would wait for ever.
      applier.fail(noToken(e));
      return;
    }
    applier.apply(headers);
  }

  /** Says nothing of what the failure says: it could hold a secret. The cause has it. */
  private static Status noToken(Throwable cause) {
    return Status.UNAVAILABLE.withDescription("no token for the call").withCause(cause);
  }
}
