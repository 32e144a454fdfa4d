package dev.reactorhub.bench.load;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.reactorhub.v1.Acknowledged;
import dev.reactorhub.v1.ConsumeRequest;
import dev.reactorhub.v1.ConsumeResponse;
import dev.reactorhub.v1.Delivery;
import dev.reactorhub.v1.DeliveryBatch;
import dev.reactorhub.v1.Event;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Arrays;

/**
 * Hands prepared messages to every client, as long as the client's credit lasts, and confirms each
 * acknowledgement at once. The messages are as many as the hub has: no cache holds them all.
 */
final class BareConsumeServer {
  private BareConsumeServer() {}

  public static void main(String[] arguments) throws Exception {
    int events = Integer.parseInt(arguments[1]);
    byte[][] messages = new byte[Integer.parseInt(arguments[3]) / events][];
    Arrays.setAll(messages, index -> message(events, Integer.parseInt(arguments[2])));
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("reactorhub.v1.ConsumerService")
            .addMethod(
                RawBytes.consume(),
                ServerCalls.asyncBidiStreamingCall(out -> new Stream(messages, events, out)))
            .build();
    NettyServerBuilder.forPort(Integer.parseInt(arguments[0]))
        .directExecutor()
        .addService(service)
        .build()
        .start()
        .awaitTermination();
  }

  /** One client, which numbers its acknowledgements as it takes messages. */
  private static final class Stream implements StreamObserver<byte[]> {
    private final byte[][] messages;
    private final int events;
    private final ServerCallStreamObserver<byte[]> out;
    private long messagesMax;
    private long sent;
    private long acknowledged;

    Stream(byte[][] messages, int events, StreamObserver<byte[]> out) {
      this.messages = messages;
      this.events = events;
      this.out = (ServerCallStreamObserver<byte[]>) out;
      this.out.setOnReadyHandler(this::send);
    }

    private void send() {
      while (out.isReady() && sent - acknowledged < messagesMax) {
        out.onNext(messages[(int) (sent++ % messages.length)]);
      }
    }

    @Override
    public void onNext(byte[] frame) {
      try {
        ConsumeRequest request = ConsumeRequest.parseFrom(frame);
        if (request.hasOpen()) {
          messagesMax = request.getOpen().getCredit().getEventsMax() / events;
        } else if (request.hasAcknowledge()) {
          acknowledged = request.getAcknowledge().getRef();
          out.onNext(
              ConsumeResponse.newBuilder()
                  .setAcknowledged(Acknowledged.newBuilder().setRef(acknowledged))
                  .build()
                  .toByteArray());
        }
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException(e);
      }
      send();
    }

    @Override
    public void onError(Throwable cancelled) {}

    @Override
    public void onCompleted() {
      out.onCompleted();
    }
  }

  private static byte[] message(int events, int eventBytes) {
    Event empty =
        Event.newBuilder().setType("bench").setPosition("bench.1").setDataJson("").build();
    int padding = Math.max(1, eventBytes - empty.getSerializedSize() - 10);
    Delivery delivery =
        Delivery.newBuilder()
            .setEvent(empty.toBuilder().setDataJson("x".repeat(padding)))
            .setAttempt(1)
            .build();
    DeliveryBatch.Builder batch = DeliveryBatch.newBuilder();
    for (int i = 0; i < events; i++) {
      batch.addDeliveries(delivery);
    }
    return ConsumeResponse.newBuilder().setBatch(batch).build().toByteArray();
  }
}
