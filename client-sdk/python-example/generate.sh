#!/bin/sh
# Generates what the examples import, into ./generated. PYTHON: one that has grpc_tools.
set -eu
cd "$(dirname "$0")"
mkdir -p generated
"${PYTHON:-python3}" -m grpc_tools.protoc -I ../../api-proto/src/main/proto \
  --python_out=generated --grpc_python_out=generated reactorhub/v1/event.proto reactorhub/v1/hub.proto
