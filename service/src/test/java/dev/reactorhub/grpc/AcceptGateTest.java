package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

final class AcceptGateTest {
  private final EmbeddedChannel listening = new EmbeddedChannel(new AcceptGate(2));

  @Test
  void acceptingPausesWhileAllConnectionsAreOpen() {
    EmbeddedChannel first = accepted();
    assertThat(listening.config().isAutoRead()).isTrue();
    EmbeddedChannel second = accepted();
    assertThat(listening.config().isAutoRead()).isFalse();

    close(first);
    assertThat(listening.config().isAutoRead()).isTrue();
    EmbeddedChannel third = accepted();
    assertThat(listening.config().isAutoRead()).isFalse();

    close(second);
    close(third);
    assertThat(listening.config().isAutoRead()).isTrue();
  }

  private EmbeddedChannel accepted() {
    EmbeddedChannel connection = new EmbeddedChannel();
    listening.writeInbound(connection);
    Object handedOn = listening.readInbound();
    assertThat(handedOn).isSameAs(connection);
    return connection;
  }

  private void close(EmbeddedChannel connection) {
    var _ = connection.close().syncUninterruptibly();
    listening.runPendingTasks();
  }
}
