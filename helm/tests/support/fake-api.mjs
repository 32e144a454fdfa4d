// As much of a Kubernetes API server as helm needs: discovery, objects with strict validation, the fields of
// a StatefulSet that cannot be changed, hook pods that succeed at once. No controllers.
import { createServer } from "node:http";
import { parse } from "yaml";
import { problems } from "./kubernetes.mjs";
import { isProtobuf, secretOf } from "./protobuf.mjs";

const types = [
  ["v1", "ConfigMap", "configmaps"],
  ["v1", "Event", "events"],
  ["v1", "Namespace", "namespaces"],
  ["v1", "Pod", "pods"],
  ["v1", "Secret", "secrets"],
  ["v1", "Service", "services"],
  ["v1", "ServiceAccount", "serviceaccounts"],
  ["apps/v1", "StatefulSet", "statefulsets"],
  ["gateway.networking.k8s.io/v1", "GRPCRoute", "grpcroutes"],
  ["gateway.networking.k8s.io/v1", "HTTPRoute", "httproutes"],
  ["monitoring.coreos.com/v1", "PrometheusRule", "prometheusrules"],
  ["monitoring.coreos.com/v1", "ServiceMonitor", "servicemonitors"],
  ["networking.k8s.io/v1", "Ingress", "ingresses"],
  ["networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"],
  ["policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"],
].map(([apiVersion, kind, plural]) => ({ apiVersion, kind, plural }));

const changeable = [
  "minReadySeconds",
  "ordinals",
  "persistentVolumeClaimRetentionPolicy",
  "replicas",
  "revisionHistoryLimit",
  "template",
  "updateStrategy",
];

class Refusal extends Error {
  constructor(code, reason, message) {
    super(message);
    this.status = { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message };
  }
}

/** An API server on a free port of loopback. */
export class FakeApi {
  #server = createServer((request, response) => this.#answer(request, response));
  #objects = new Map();
  #watches = new Set();
  #version = 0;
  /** What was asked: method and path, a line each. */
  requests = [];

  async start() {
    await new Promise((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  stop() {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  /** A kubeconfig that leads here. */
  kubeconfig() {
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "fake", cluster: { server: `http://127.0.0.1:${this.#server.address().port}` } }],
      users: [{ name: "fake", user: {} }],
      contexts: [{ name: "fake", context: { cluster: "fake", user: "fake", namespace: "default" } }],
      "current-context": "fake",
    });
  }

  /** The stored objects, without helm's own records of releases. */
  objects() {
    return [...this.#objects.values()].filter((object) => object.type !== "helm.sh/release.v1");
  }

  get(kind, name) {
    return this.objects().find((object) => object.kind === kind && object.metadata.name === name);
  }

  /** Takes an object away, as "kubectl delete --cascade=orphan" does. */
  remove(kind, name) {
    for (const [key, object] of this.#objects) {
      if (object.kind === kind && object.metadata.name === name) {
        this.#objects.delete(key);
      }
    }
  }

  async #answer(request, response) {
    const url = new URL(request.url, "http://localhost");
    this.requests.push(`${request.method} ${url.pathname}`);
    try {
      const chunks = [];
      for await (const chunk of request) {
        chunks.push(chunk);
      }
      const body = Buffer.concat(chunks);
      const answer = discovery(url.pathname) ?? (await this.#resource(request, url, body, response));
      if (answer !== undefined) {
        send(response, request.method === "POST" ? 201 : 200, answer);
      }
    } catch (error) {
      const status = error.status ?? new Refusal(500, "InternalError", String(error.stack)).status;
      send(response, status.code, status);
    }
  }

  async #resource(request, url, body, response) {
    const match = /^\/(?:api|apis\/([^/]+))\/(v1)\/namespaces\/([^/]+)\/([a-z]+)(?:\/([^/]+))?(\/log)?$/.exec(url.pathname);
    const type = match && types.find(
      (one) => one.plural === match[4] && one.apiVersion === (match[1] ? `${match[1]}/v1` : "v1"),
    );
    if (!type) {
      throw new Refusal(404, "NotFound", `no such path: ${url.pathname}`);
    }
    const [, , , namespace, plural, name, log] = match;
    if (log) {
      response.end("published and read\n");
      return undefined;
    }
    const key = `${type.apiVersion}/${plural}/${namespace}/`;
    switch (request.method) {
      case "GET":
        return name ? this.#found(key + name, plural) : this.#list(type, key, url, response);
      case "POST":
        return this.#store(key, namespace, type, read(body), undefined);
      case "PUT":
        return this.#store(key, namespace, type, read(body), this.#found(key + name, plural));
      case "PATCH":
        return this.#store(key, namespace, type, patched(request, this.#objects.get(key + name), body), this.#objects.get(key + name));
      case "DELETE":
        return this.#delete(key + name, plural);
      default:
        throw new Refusal(405, "MethodNotAllowed", request.method);
    }
  }

  #found(key, plural) {
    const object = this.#objects.get(key);
    if (!object) {
      throw new Refusal(404, "NotFound", `${plural} "${key.split("/").at(-1)}" not found`);
    }
    return object;
  }

  #list(type, key, url, response) {
    const selected = [...this.#objects]
      .filter(([stored, object]) => stored.startsWith(key) && isSelected(object, url.searchParams))
      .map(([, object]) => object);
    if (url.searchParams.get("watch")) {
      this.#watch(key, url, response, selected);
      return undefined;
    }
    const metadata = { resourceVersion: String(this.#version) };
    return { apiVersion: type.apiVersion, kind: `${type.kind}List`, metadata, items: selected };
  }

  #watch(key, url, response, selected) {
    response.writeHead(200, { "content-type": "application/json" });
    const tell = (kind, object) => response.write(`${JSON.stringify({ type: kind, object })}\n`);
    const watch = { key, tell, isSelected: (object) => isSelected(object, url.searchParams) };
    selected.forEach((object) => tell("ADDED", object));
    if (url.searchParams.get("sendInitialEvents") === "true") {
      const { apiVersion, kind } = types.find((one) => key.startsWith(`${one.apiVersion}/${one.plural}/`));
      const annotations = { "k8s.io/initial-events-end": "true" };
      tell("BOOKMARK", { apiVersion, kind, metadata: { resourceVersion: String(this.#version), annotations } });
    }
    this.#watches.add(watch);
    response.on("close", () => this.#watches.delete(watch));
  }

  async #store(key, namespace, { apiVersion, kind, plural }, given, before) {
    const object = { apiVersion, kind, ...given };
    const { name } = object.metadata;
    if (!before && this.#objects.has(key + name)) {
      throw new Refusal(409, "AlreadyExists", `${plural} "${name}" already exists`);
    }
    const { status, ...described } = object;
    const wrong = await problems(described);
    if (wrong.length > 0) {
      throw new Refusal(400, "BadRequest", `${kind} ${name}: strict decoding error: ${wrong.join("; ")}`);
    }
    if (kind === "StatefulSet" && before) {
      refuseChange(before, object);
    }
    object.metadata = {
      ...object.metadata,
      namespace,
      uid: before?.metadata.uid ?? `uid-${(this.#version += 1)}`,
      creationTimestamp: before?.metadata.creationTimestamp ?? "2026-01-01T00:00:00Z",
      resourceVersion: String((this.#version += 1)),
    };
    delete object.metadata.managedFields;
    if (kind === "Pod") {
      object.status = { phase: "Succeeded", conditions: [{ type: "Ready", status: "False", reason: "PodCompleted" }] };
    }
    this.#objects.set(key + name, object);
    this.#tell(key, before ? "MODIFIED" : "ADDED", object);
    return object;
  }

  #delete(key, plural) {
    const object = this.#found(key, plural);
    this.#objects.delete(key);
    this.#tell(key, "DELETED", object);
    return object;
  }

  #tell(key, event, object) {
    for (const watch of this.#watches) {
      if (key.startsWith(watch.key) && watch.isSelected(object)) {
        watch.tell(event, object);
      }
    }
  }
}

function send(response, code, answer) {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(JSON.stringify(answer));
}

const groups = [...new Set(types.map(({ apiVersion }) => apiVersion).filter((one) => one !== "v1"))];

/** Says of each type that the server itself checks what is sent, so that helm leaves it to do so. */
function openApi(path) {
  const roots = ["api/v1", ...groups.map((group) => `apis/${group}`)];
  if (path === "/openapi/v3") {
    return { paths: Object.fromEntries(roots.map((root) => [root, { serverRelativeURL: `/openapi/v3/${root}` }])) };
  }
  const root = roots.find((one) => path === `/openapi/v3/${one}`);
  if (!root) {
    return undefined;
  }
  const operations = types
    .filter(({ apiVersion }) => root.endsWith(`/${apiVersion}`))
    .map(({ apiVersion, kind, plural }) => {
      const [group, version] = apiVersion === "v1" ? ["", "v1"] : apiVersion.split("/");
      const patch = {
        parameters: [{ name: "fieldValidation", in: "query" }],
        "x-kubernetes-group-version-kind": { group, version, kind },
      };
      return [`/${root}/namespaces/{namespace}/${plural}/{name}`, { patch }];
    });
  return { openapi: "3.0.0", info: { title: "fake", version: "1" }, paths: Object.fromEntries(operations) };
}

function discovery(path) {
  if (path === "/version") {
    return { major: "1", minor: "35", gitVersion: "v1.35.0" };
  }
  if (path === "/api") {
    return { kind: "APIVersions", versions: ["v1"] };
  }
  if (path === "/apis") {
    const described = groups.map((groupVersion) => {
      const [name, version] = groupVersion.split("/");
      return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
    });
    return { kind: "APIGroupList", apiVersion: "v1", groups: described };
  }
  const apiVersion = path === "/api/v1" ? "v1" : groups.find((group) => path === `/apis/${group}`);
  if (!apiVersion) {
    return openApi(path);
  }
  const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];
  const resources = types
    .filter((type) => type.apiVersion === apiVersion)
    .map(({ kind, plural }) => ({ name: plural, kind, namespaced: kind !== "Namespace", verbs }));
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersion, resources };
}

const read = (body) => (isProtobuf(body) ? secretOf(body) : JSON.parse(body));

function isSelected(object, parameters) {
  const pairs = (parameters.get("labelSelector") ?? "").split(",").filter((pair) => pair !== "");
  const name = /^metadata\.name=(.*)$/.exec(parameters.get("fieldSelector") ?? "");
  return (
    pairs.every((pair) => object.metadata.labels?.[pair.split("=")[0]] === pair.split("=").at(-1)) &&
    (!name || object.metadata.name === name[1])
  );
}

/** An applied object takes the place of the one before: helm owns every field of what it applies. */
function patched(request, before, body) {
  const type = request.headers["content-type"];
  if (type === "application/apply-patch+yaml") {
    return parse(body.toString());
  }
  if (!before || !type.endsWith("merge-patch+json")) {
    throw new Refusal(415, "UnsupportedMediaType", `${type} of ${before ? "an object" : "nothing"}`);
  }
  return merged(before, JSON.parse(body));
}

function merged(before, patch) {
  if (patch === null || typeof patch !== "object" || Array.isArray(patch)) {
    return patch;
  }
  const result = { ...before };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[name];
    } else {
      result[name] = merged(before?.[name], value);
    }
  }
  return result;
}

function refuseChange(before, after) {
  const fixed = (spec) =>
    JSON.stringify(Object.entries(spec).filter(([name]) => !changeable.includes(name)).sort());
  if (fixed(before.spec) !== fixed(after.spec)) {
    throw new Refusal(
      422,
      "Invalid",
      `StatefulSet.apps "${after.metadata.name}" is invalid: spec: Forbidden: updates to statefulset spec for ` +
        `fields other than ${changeable.join(", ")} are forbidden`,
    );
  }
}
