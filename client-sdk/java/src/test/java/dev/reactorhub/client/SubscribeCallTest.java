package dev.reactorhub.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactorhub.client.SubscribeCall.Signal;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.stub.ClientCallStreamObserver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SubscribeCallTest {
  private static final Duration NOW = Duration.ofNanos(1);

  private final Requests requests = new Requests();
  private final SubscribeCall call = new SubscribeCall();

  @Test
  void theNextFrameIsAskedForOnlyWhenTheFormerIsDoneWith() throws InterruptedException {
    call.beforeStart(requests);
    assertThat(requests.asked).isEqualTo(1);

    assertThat(call.next(NOW)).isInstanceOf(Signal.Silence.class);
    assertThat(requests.asked).isEqualTo(1);

    call.onNext(SubscribeResponse.getDefaultInstance());
    assertThat(call.next(NOW)).isInstanceOf(Signal.Frame.class);
    assertThat(requests.asked).isEqualTo(1);

    assertThat(call.next(NOW)).isInstanceOf(Signal.Silence.class);
    assertThat(requests.asked).isEqualTo(2);
  }

  /** Counts how many frames were asked for. */
  private static final class Requests extends ClientCallStreamObserver<SubscribeRequest> {
    private int asked;

    @Override
    public void disableAutoRequestWithInitial(int count) {
      asked = count;
    }

    @Override
    public void request(int count) {
      asked += count;
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {}

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void setMessageCompression(boolean isEnabled) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void onNext(SubscribeRequest request) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
