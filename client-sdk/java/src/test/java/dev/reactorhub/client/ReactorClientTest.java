package dev.reactorhub.client;

import static dev.reactorhub.client.Clients.clientOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reactorhub.client.testing.internal.ManualHub;
import dev.reactorhub.client.testing.internal.ManualHub.Call;
import dev.reactorhub.v1.GetStatusResponse;
import dev.reactorhub.v1.ReadHistoryRequest;
import dev.reactorhub.v1.ReadHistoryResponse;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class ReactorClientTest {
  private final ManualHub hub = new ManualHub();
  private final ReactorClient client = clientOf(hub).build(new FakeTiming());

  @AfterEach
  void close() {
    client.close();
    hub.close();
  }

  @Test
  void historyIsReadPageByPage() {
    CompletableFuture<HistoryPage> first =
        CompletableFuture.supplyAsync(() -> client.history(Filter.channels("news.>"), 2));
    Call<ReadHistoryRequest, ReadHistoryResponse> call = hub.nextHistory();
    assertThat(call.request().getAfter()).isEmpty();
    assertThat(call.request().getPageSize()).isEqualTo(2);
    assertThat(call.request().getFilter().getChannelsList()).containsExactly("news.>");
    call.answer(
        ReadHistoryResponse.newBuilder()
            .addEvents(ManualHub.event(1, "a"))
            .setNext("e1.1")
            .setHead("e1.2")
            .build());
    assertThat(first.join().events()).extracting(Event::seq).containsExactly(1L);
    assertThat(first.join().isLast()).isFalse();

    CompletableFuture<HistoryPage> second =
        CompletableFuture.supplyAsync(() -> client.history(Filter.channels("news.>"), "e1.1", 2));
    call = hub.nextHistory();
    assertThat(call.request().getAfter()).isEqualTo("e1.1");
    call.answer(ReadHistoryResponse.newBuilder().setNext("e1.2").setHead("e1.2").build());
    assertThat(second.join().isLast()).isTrue();
  }

  @Test
  void aFailureOfHistoryCarriesTheHubsCode() {
    CompletableFuture<HistoryPage> page =
        CompletableFuture.supplyAsync(() -> client.history(Filter.defaultChannel(), "e1.1", 1));
    hub.nextHistory().fail(HubErrors.error(Status.Code.OUT_OF_RANGE, "position_expired"));

    assertThatThrownBy(page::join)
        .cause()
        .isInstanceOfSatisfying(
            ReactorException.Refused.class,
            e -> assertThat(e.code()).isEqualTo("position_expired"));
  }

  @Test
  void theStatusIsWhatTheHubSays() {
    CompletableFuture<HubStatus> status = CompletableFuture.supplyAsync(client::status);
    hub.nextStatus()
        .answer(
            GetStatusResponse.newBuilder()
                .setEpoch("e1")
                .setHead("e1.9")
                .setEarliest("e1.2")
                .setSessions(3)
                .setEventsPublished(7)
                .setUptime(com.google.protobuf.Duration.newBuilder().setSeconds(61))
                .setVersion("0.1.0")
                .build());

    assertThat(status.join())
        .isEqualTo(new HubStatus("e1", "e1.9", "e1.2", 3, 7, Duration.ofSeconds(61), "0.1.0"));
  }

  @Test
  void aHubThatDoesNotAnswerInTimeIsUnavailable() {
    try (ReactorClient impatient = clientOf(hub).callTimeout(Duration.ofMillis(20)).build()) {
      assertThatThrownBy(impatient::status)
          .isInstanceOfSatisfying(
              ReactorException.Unavailable.class,
              e -> assertThat(e.code()).isEqualTo("deadline_exceeded"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", "localhost:", "host:0", "http://host:1", "a@host:1"})
  void anEndpointIsAHostAndAPort(String endpoint) {
    assertThatThrownBy(() -> ReactorClient.builder(endpoint))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must be host:port");
  }

  @Test
  void aSettingOutOfBoundsIsNamed() {
    assertThatThrownBy(() -> clientOf(hub).callTimeout(Duration.ZERO).build())
        .hasMessage("callTimeout is PT0S: must be more than zero");
    assertThatThrownBy(() -> clientOf(hub).messageBytesMax(0).build())
        .hasMessage("messageBytesMax is 0: must be at least 1");
  }
}
