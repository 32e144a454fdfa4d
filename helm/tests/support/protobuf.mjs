// Reads the one thing that helm sends as protobuf: the Secret with its record of a release.
// The message types: k8s.io/apimachinery/pkg/runtime and k8s.io/api/core/v1, generated.proto.

const magic = Buffer.from("k8s\0");

/** Whether a body is a protobuf message of Kubernetes. */
export const isProtobuf = (body) => body.subarray(0, magic.length).equals(magic);

/** A Secret in the form of JSON. */
export function secretOf(body) {
  const envelope = fields(body.subarray(magic.length));
  const secret = fields(one(envelope, 2));
  const metadata = fields(one(secret, 1));
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: one(metadata, 1).toString(),
      labels: map(metadata, 11, (value) => value.toString()),
    },
    data: map(secret, 2, (value) => value.toString("base64")),
    type: one(secret, 3).toString(),
  };
}

/** The fields of a message that have a length, by number. */
function fields(message) {
  const found = new Map();
  let at = 0;
  const varint = () => {
    let value = 0;
    let byte;
    let factor = 1;
    do {
      byte = message[at++];
      value += (byte & 0x7f) * factor;
      factor *= 128;
    } while (byte >= 128);
    return value;
  };
  while (at < message.length) {
    const tag = varint();
    if ((tag & 7) === 2) {
      const length = varint();
      const number = tag >>> 3;
      found.set(number, [...(found.get(number) ?? []), message.subarray(at, at + length)]);
      at += length;
    } else if ((tag & 7) === 0) {
      varint();
    } else {
      throw new Error(`wire type ${tag & 7} is none that a Secret has`);
    }
  }
  return found;
}

const one = (message, number) => message.get(number)?.[0] ?? Buffer.alloc(0);

function map(message, number, read) {
  const entries = (message.get(number) ?? []).map(fields);
  return Object.fromEntries(entries.map((entry) => [one(entry, 1).toString(), read(one(entry, 2))]));
}
