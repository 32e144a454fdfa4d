package dev.reactorhub.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A client that knows nothing of the API but what reflection tells it. */
final class GrpcReflectionTest {
  private static final String SERVICE = "reactorhub.v1.HubService";

  @Test
  void aClientWithoutTheApiPublishesAndSubscribes() throws Exception {
    try (GrpcFixture f = GrpcFixture.ofDefaults()) {
      ServiceDescriptor service = discover(f);
      MethodDescriptor publish = service.findMethodByName("Publish");
      MethodDescriptor subscribe = service.findMethodByName("Subscribe");

      DynamicMessage stored =
          calls(f, publish, "{\"event\":{\"id\":\"r1\",\"type\":\"a\",\"dataJson\":\"{}\"}}")
              .next();
      assertThat(json(stored)).contains("\"id\": \"r1\"").contains("\"seq\": \"1\"");
      Iterator<DynamicMessage> frames = calls(f, subscribe, "{\"start\":{\"earliest\":{}}}");
      assertThat(json(frames.next()))
          .contains("\"id\": \"r1\"")
          .contains("\"position\": \"" + f.position(1) + "\"");
    }
  }

  private static Iterator<DynamicMessage> calls(
      GrpcFixture f, MethodDescriptor method, String requestJson) throws Exception {
    DynamicMessage.Builder request = DynamicMessage.newBuilder(method.getInputType());
    JsonFormat.parser().merge(requestJson, request);
    return ClientCalls.blockingServerStreamingCall(
        f.channel,
        io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(
                method.isServerStreaming()
                    ? io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING
                    : io.grpc.MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(SERVICE + "/" + method.getName())
            .setRequestMarshaller(marshaller(method.getInputType()))
            .setResponseMarshaller(marshaller(method.getOutputType()))
            .build(),
        CallOptions.DEFAULT,
        request.build());
  }

  private static io.grpc.MethodDescriptor.Marshaller<DynamicMessage> marshaller(Descriptor type) {
    return ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(type));
  }

  private static String json(DynamicMessage message) throws InvalidProtocolBufferException {
    return JsonFormat.printer().print(message);
  }

  private static ServiceDescriptor discover(GrpcFixture f) throws Exception {
    CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(f.channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    answer.complete(response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    answer.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setFileContainingSymbol(SERVICE).build());
    Map<String, FileDescriptorProto> files = new LinkedHashMap<>();
    for (ByteString file : answer.join().getFileDescriptorResponse().getFileDescriptorProtoList()) {
      FileDescriptorProto parsed = FileDescriptorProto.parseFrom(file);
      files.put(parsed.getName(), parsed);
    }
    requests.onCompleted();
    return Objects.requireNonNull(
        build("reactorhub/v1/hub.proto", files).findServiceByName("HubService"));
  }

  private static FileDescriptor build(String name, Map<String, FileDescriptorProto> files)
      throws DescriptorValidationException {
    FileDescriptorProto file = Objects.requireNonNull(files.get(name), name);
    FileDescriptor[] dependencies = new FileDescriptor[file.getDependencyCount()];
    for (int i = 0; i < dependencies.length; i++) {
      dependencies[i] = build(file.getDependency(i), files);
    }
    return FileDescriptor.buildFrom(file, dependencies);
  }
}
