package dev.reactorhub.bench.load;

import dev.reactorhub.v1.Event;
import dev.reactorhub.v1.EventBatch;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Hands prepared messages to every subscriber: as many as the hub has, so that no cache holds them
 * all and nothing is sent that nobody waits for.
 */
final class BareGrpcServer {
  private BareGrpcServer() {}

  public static void main(String[] arguments) throws Exception {
    int events = Integer.parseInt(arguments[1]);
    byte[][] messages = new byte[Math.ceilDiv(Integer.parseInt(arguments[3]), events)][];
    Arrays.setAll(messages, index -> message(events, Integer.parseInt(arguments[2])));
    ServerServiceDefinition service =
        ServerServiceDefinition.builder("reactorhub.v1.HubService")
            .addMethod(
                RawBytes.subscribe(),
                ServerCalls.asyncServerStreamingCall((request, out) -> send(messages, out)))
            .build();
    NettyServerBuilder.forPort(Integer.parseInt(arguments[0]))
        .directExecutor()
        .addService(service)
        .build()
        .start()
        .awaitTermination();
  }

  private static void send(byte[][] messages, StreamObserver<byte[]> observer) {
    ServerCallStreamObserver<byte[]> out = (ServerCallStreamObserver<byte[]>) observer;
    Iterator<byte[]> rest = Arrays.asList(messages).iterator();
    out.setOnReadyHandler(
        () -> {
          while (out.isReady() && rest.hasNext()) {
            out.onNext(rest.next());
          }
        });
  }

  private static byte[] message(int events, int eventBytes) {
    EventBatch.Builder batch = EventBatch.newBuilder();
    Event empty = Event.newBuilder().setType("bench").setDataJson("").build();
    int padding = Math.max(1, eventBytes - empty.getSerializedSize() - 4);
    Event event = empty.toBuilder().setDataJson("x".repeat(padding)).build();
    for (int i = 0; i < events; i++) {
      batch.addEvents(event);
    }
    return SubscribeResponse.newBuilder().setBatch(batch).build().toByteArray();
  }
}
