package dev.reactorhub.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactorhub.app.ConnectionBudget.Descriptors;
import org.junit.jupiter.api.Test;

/** How the descriptors of a process are shared out. */
final class ConnectionBudgetTest {
  private static final int SESSIONS = 18_000;
  private static final int WANTED = 18_100;

  @Test
  void eachPortMayHaveAllItWantsWhereThatFits() {
    assertThat(of(new Descriptors(36_556, 100))).isEqualTo(new ConnectionBudget(18_100, 18_100));
    assertThat(of(new Descriptors(Long.MAX_VALUE, 0)))
        .isEqualTo(new ConnectionBudget(18_100, 18_100));
  }

  @Test
  void whatHttpDoesNotWantIsLeftToGrpc() {
    assertThat(of(new Descriptors(20_000, 100))).isEqualTo(new ConnectionBudget(18_100, 1_544));
  }

  @Test
  void httpLeavesASixteenthAndAtLeast25ToGrpc() {
    assertThat(of(new Descriptors(4_096, 100))).isEqualTo(new ConnectionBudget(3_507, 233));
    assertThat(of(new Descriptors(600, 100))).isEqualTo(new ConnectionBudget(219, 25));
  }

  @Test
  void aHubForHardlyAnyConnectionsDoesNotStart() {
    assertThat(of(new Descriptors(456, 100))).isEqualTo(new ConnectionBudget(75, 25));
    assertThatThrownBy(() -> of(new Descriptors(455, 100)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "the process may open 455 files, which leaves 99 for connections: must be 100 or more;"
                + " allow at least 456 files with ulimit -n");
    assertThatThrownBy(() -> of(new Descriptors(10, 8)))
        .hasMessageContaining("which leaves 0 for connections");
  }

  private static ConnectionBudget of(Descriptors descriptors) {
    return ConnectionBudget.of(descriptors, WANTED, SESSIONS);
  }
}
