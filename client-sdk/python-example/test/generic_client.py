"""A client that knows nothing of the API but what the hub's reflection tells it, as grpcurl is one."""

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from reflection.v1 import reflection_pb2


class Reflection:
    def __init__(self, target):
        self._channel = grpc.insecure_channel(target)
        self._pool = descriptor_pool.DescriptorPool()
        self._added = set()

    def services(self):
        answer = self._ask(reflection_pb2.ServerReflectionRequest(list_services=""))
        return [service.name for service in answer.list_services_response.service]

    def methods(self, service):
        self._learn(service)
        return [method.name for method in self._pool.FindServiceByName(service).methods]

    def call(self, method, request_json):
        """Yields the responses of reactorhub.v1.HubService/Publish, for example, as JSON."""
        service, name = method.split("/")
        self._learn(service)
        described = self._pool.FindServiceByName(service).FindMethodByName(name)
        messages = message_factory.MessageFactory(self._pool)
        response = messages.GetPrototype(described.output_type)
        stub = self._channel.unary_stream(
            f"/{method}", lambda request: request.SerializeToString(), response.FromString
        )
        request = json_format.Parse(request_json, messages.GetPrototype(described.input_type)())
        for message in stub(request, timeout=10):
            yield json_format.MessageToJson(message)

    def close(self):
        self._channel.close()

    def _ask(self, request):
        stream = self._channel.stream_stream(
            "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            lambda message: message.SerializeToString(),
            reflection_pb2.ServerReflectionResponse.FromString,
        )
        return next(stream(iter([request]), timeout=10))

    def _learn(self, symbol):
        answer = self._ask(reflection_pb2.ServerReflectionRequest(file_containing_symbol=symbol))
        files = {}
        for data in answer.file_descriptor_response.file_descriptor_proto:
            file = descriptor_pb2.FileDescriptorProto.FromString(data)
            files[file.name] = file
        for name in files:
            self._add(name, files)

    def _add(self, name, files):
        if name not in self._added:
            self._added.add(name)
            for dependency in files[name].dependency:
                self._add(dependency, files)
            self._pool.Add(files[name])
