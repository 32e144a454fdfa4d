package dev.reactorhub.cli;

import dev.reactorhub.v1.DeleteConsumerRequest;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Deletes a consumer. Its options are written by picocli, before the call. */
@Command(name = "delete", description = "Delete a durable consumer; its clients are sent away.")
final class ConsumersDeleteCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private ConsumerServer server = new ConsumerServer();

  @Parameters(paramLabel = "NAME", description = "The consumer.")
  private String name = "";

  @Override
  public Integer call() {
    DeleteConsumerRequest request = DeleteConsumerRequest.newBuilder().setConsumer(name).build();
    var _ = server.ask(hub -> hub.deleteConsumer(request));
    PrintWriter out = Terminal.out(spec);
    out.println("deleted " + name);
    out.flush();
    return ExitCode.OK;
  }
}
