/**
 * A fake of Reactor Hub within a test's own process. Open {@link
 * dev.reactorhub.client.testing.FakeHub} first. It needs no client of ours: whatever speaks the
 * hub's gRPC API can be tested with it.
 */
module dev.reactorhub.client.testing {
  requires dev.reactorhub.api;
  requires com.google.protobuf;
  requires io.grpc;
  requires io.grpc.netty;
  requires io.grpc.stub;
  requires static transitive org.jspecify;

  exports dev.reactorhub.client.testing;
}
