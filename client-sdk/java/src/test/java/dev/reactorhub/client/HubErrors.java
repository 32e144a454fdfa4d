package dev.reactorhub.client;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;

/** Errors as the hub sends them, made with the official classes. */
final class HubErrors {
  private HubErrors() {}

  static StatusRuntimeException error(Status.Code status, String code) {
    return of(status, info("reactorhub.dev", code));
  }

  static StatusRuntimeException error(Status.Code status, String code, Duration retryAfter) {
    RetryInfo retry =
        RetryInfo.newBuilder()
            .setRetryDelay(
                com.google.protobuf.Duration.newBuilder()
                    .setSeconds(retryAfter.getSeconds())
                    .setNanos(retryAfter.getNano()))
            .build();
    return of(status, info("reactorhub.dev", code), retry);
  }

  static ErrorInfo info(String domain, String code) {
    return ErrorInfo.newBuilder().setDomain(domain).setReason(code).build();
  }

  static StatusRuntimeException of(Status.Code status, Message... details) {
    com.google.rpc.Status.Builder message =
        com.google.rpc.Status.newBuilder().setCode(status.value()).setMessage("said the hub");
    for (Message detail : details) {
      message.addDetails(Any.pack(detail));
    }
    return StatusProto.toStatusRuntimeException(message.build());
  }
}
