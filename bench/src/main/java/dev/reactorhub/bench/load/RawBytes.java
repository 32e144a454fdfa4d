package dev.reactorhub.bench.load;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Messages as they are on the wire. */
final class RawBytes implements MethodDescriptor.Marshaller<byte[]> {
  @Override
  public InputStream stream(byte[] message) {
    return new Known(message);
  }

  @Override
  public byte[] parse(InputStream stream) {
    try {
      return stream.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connection to a server of this machine; calls are answered on the thread that reads. */
  static ManagedChannel channel(String port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", Integer.parseInt(port))
        .usePlaintext()
        .directExecutor()
        .build();
  }

  /** The call that hub and bare server answer. */
  static MethodDescriptor<byte[], byte[]> subscribe() {
    return MethodDescriptor.newBuilder(
            new RawBytes(), (MethodDescriptor.Marshaller<byte[]>) new RawBytes())
        .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
        .setFullMethodName("reactorhub.v1.HubService/Subscribe")
        .build();
  }

  /** The stream of a durable consumer, which hub and bare server answer. */
  static MethodDescriptor<byte[], byte[]> consume() {
    return MethodDescriptor.newBuilder(
            new RawBytes(), (MethodDescriptor.Marshaller<byte[]>) new RawBytes())
        .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
        .setFullMethodName("reactorhub.v1.ConsumerService/Consume")
        .build();
  }

  /** The transport takes all of it at once, as it takes the hub's. */
  private static final class Known extends ByteArrayInputStream implements KnownLength, Drainable {
    Known(byte[] message) {
      super(message);
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int left = available();
      target.write(buf, pos, left);
      pos = count;
      return left;
    }
  }
}
