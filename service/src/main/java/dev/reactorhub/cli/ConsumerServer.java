package dev.reactorhub.cli;

import dev.reactorhub.client.ReactorClient;
import dev.reactorhub.v1.ConsumerServiceGrpc;
import dev.reactorhub.v1.ConsumerServiceGrpc.ConsumerServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Where a command asks about consumers. */
final class ConsumerServer {
  private static final long DEADLINE_SECONDS = 30;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      defaultValue = TailCommand.SERVER,
      description = "The hub's gRPC port. Default: " + TailCommand.SERVER + ".")
  private String server = "";

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean isHelpWanted;

  /** Asks; what the hub refuses becomes an exception whose message says why. */
  <T> T ask(Function<ConsumerServiceBlockingStub, T> call) {
    var _ = ReactorClient.builder(server); // Says what is wrong with it, as to all commands.
    ManagedChannel channel = ManagedChannelBuilder.forTarget(server).usePlaintext().build();
    try {
      return call.apply(
          ConsumerServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
    } catch (StatusRuntimeException e) {
      throw new IllegalStateException(sentence(e.getStatus()), e);
    } finally {
      channel.shutdownNow();
    }
  }

  private String sentence(Status status) {
    String said = status.getDescription();
    Throwable cause = status.getCause();
    if (status.getCode() == Status.Code.UNAVAILABLE && cause != null) {
      return "no answer from " + server + ": " + cause.getMessage(); // It is not the hub's.
    }
    return said == null || said.isEmpty() ? status.getCode().toString() : said;
  }
}
