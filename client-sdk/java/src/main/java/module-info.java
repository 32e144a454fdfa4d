/**
 * The Java client of Reactor Hub.
 *
 * <p>One package, {@code dev.reactorhub.client}; open {@link dev.reactorhub.client.ReactorClient}
 * first. What carries the calls (gRPC, protobuf) is no part of the API.
 */
module dev.reactorhub.client {
  requires dev.reactorhub.api;
  requires com.google.protobuf;
  requires io.grpc;
  requires io.grpc.stub;
  requires static transitive org.jspecify;

  exports dev.reactorhub.client;
}
