package dev.reactorhub.client;

/** x. */
public final class ReactorClient {
  private ReactorClient() {}

  static Object y(
      dev.reactorhub.v1.Event e,
      com.google.protobuf.UnknownFieldSet f,
      io.grpc.Status s,
      io.grpc.stub.ClientCallStreamObserver<Integer> o) {
    return f;
  }
}
