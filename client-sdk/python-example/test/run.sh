#!/bin/sh
# Runs the tests of the examples. Debian has no package of googleapis-common-protos, and none of grpcio-reflection: what
# they would bring is generated from the files in the hub's own jars, by protoc, since Debian's grpc_tools is too old
# for them. PYTHON: one that has grpc and grpc_tools.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
export PYTHON
rm -rf generated
./generate.sh
jars=../../service/target/lib
for jar in "$jars"/proto-google-common-protos-*.jar "$jars"/grpc-services-*.jar; do
  "$PYTHON" -m zipfile -e "$jar" generated/protos
done
well_known=$("$PYTHON" -c 'import grpc_tools, os; print(os.path.dirname(grpc_tools.__file__) + "/_proto")')
protoc -I "$well_known" -I generated/protos -I generated/protos/grpc --python_out=generated \
  google/rpc/status.proto google/rpc/error_details.proto reflection/v1/reflection.proto
PYTHONPATH=generated:test exec "$PYTHON" -m unittest discover -v -s test
