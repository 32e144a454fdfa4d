/**
 * The gRPC API {@code reactorhub.v1}: generated messages and stubs. Open {@code HubServiceGrpc}
 * first.
 */
module dev.reactorhub.api {
  requires transitive com.google.common;
  requires transitive com.google.protobuf;
  requires transitive io.grpc;
  requires transitive io.grpc.protobuf;
  requires transitive io.grpc.stub;

  exports dev.reactorhub.v1;
}
