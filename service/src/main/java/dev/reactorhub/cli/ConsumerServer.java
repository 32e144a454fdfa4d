package dev.reactorhub.cli;

import dev.reactorhub.v1.ConsumerServiceGrpc;
import dev.reactorhub.v1.ConsumerServiceGrpc.ConsumerServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
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
    ManagedChannel channel = ManagedChannelBuilder.forTarget(server).usePlaintext().build();
    try {
      return call.apply(
          ConsumerServiceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS));
    } catch (StatusRuntimeException e) {
      String said = e.getStatus().getDescription();
      throw new IllegalStateException(
          said == null || said.isEmpty() ? e.getStatus().getCode().toString() : said, e);
    } finally {
      channel.shutdownNow();
    }
  }
}
