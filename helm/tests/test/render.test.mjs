// What the chart renders is what Kubernetes takes, and hangs together.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { join } from "node:path";
import { ciFiles, containers, pods, renderedCi } from "../support/ci.mjs";
import { renderedContainer } from "../support/container.mjs";
import { chart, helm, hubContainer, only, template } from "../support/helm.mjs";
import { problems } from "../support/kubernetes.mjs";

let rendered;
let byDefault;

before(async () => {
  rendered = await renderedCi();
  byDefault = rendered.find(({ file }) => file === "ci/default-values.yaml").objects;
});

for (const file of ciFiles) {
  test(`${file} passes helm lint`, async () => {
    const outcome = await helm(["lint", "--strict", chart, `--values=${join(chart, file)}`]);
    assert.equal(outcome.code, 0, outcome.stdout + outcome.stderr);
  });
}

test("every object is one that Kubernetes takes", async () => {
  for (const { file, objects } of rendered) {
    for (const object of objects) {
      assert.deepEqual(await problems(object), [], `${file}: ${object.kind} ${object.metadata.name}`);
    }
  }
});

test("the check of objects finds an unknown, a missing and a wrong field", async () => {
  const set = structuredClone(only(byDefault, "StatefulSet"));
  set.spec.template.spec.nonsense = true;
  set.spec.template.spec.volumes[0].configmap = {};
  set.spec.template.spec.containers[0].ports[0].containerPort = "http";
  delete set.spec.selector;
  assert.deepEqual((await problems(set)).sort(), [
    '/spec/template/spec/containers/0/ports/0/containerPort: type {"type":"integer"}',
    "/spec/template/spec/nonsense: no such field",
    "/spec/template/spec/volumes/0/configmap: no such field",
    '/spec: required {"missingProperty":"selector"}',
  ]);
});

test("names are unique and within what a label holds", () => {
  for (const { file, objects } of rendered) {
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`);
    assert.equal(new Set(names).size, names.length, file);
    objects.forEach(({ metadata }) => assert.match(metadata.name, /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, file));
  }
});

test("a release of the longest name still has names within bounds", async () => {
  const objects = (await template({ release: "r".repeat(53) })).objects();
  for (const { metadata } of objects) {
    assert.ok(metadata.name.length <= 63, metadata.name);
    Object.values(metadata.labels).forEach((value) => assert.ok(value.length <= 63, value));
  }
  // A pod's label controller-revision-hash holds the set's name and a hash of up to 11 characters.
  assert.ok(only(objects, "StatefulSet").metadata.name.length <= 52);
});

test("Services, routes and policies lead to what is there", () => {
  for (const { file, objects } of rendered) {
    const hub = only(objects, "StatefulSet").spec.template;
    const ports = containers(hub).flatMap((container) => container.ports ?? []);
    const services = new Map();
    for (const { kind, metadata, spec } of objects) {
      if (kind === "Service") {
        services.set(metadata.name, spec.ports);
        assertSelects(spec.selector, hub.metadata.labels, file);
        spec.ports.forEach((port) => assert.ok(ports.some(({ name }) => name === port.targetPort), file));
      } else if (kind === "PodDisruptionBudget") {
        assertSelects(spec.selector.matchLabels, hub.metadata.labels, file);
      } else if (kind === "NetworkPolicy") {
        assertSelects(spec.podSelector.matchLabels, hub.metadata.labels, file);
        spec.ingress.flatMap((rule) => rule.ports).forEach(({ port }) => assert.ok(ports.some(({ name }) => name === port)));
      }
    }
    assert.ok(services.has(only(objects, "StatefulSet").spec.serviceName), file);
    for (const { kind, spec } of objects) {
      backends(kind, spec).forEach(([service, port]) =>
        assert.ok(services.get(service).some((one) => one.name === port || one.port === port), `${file}: ${service}`),
      );
    }
  }
});

function backends(kind, spec) {
  switch (kind) {
    case "Ingress":
      return spec.rules
        .flatMap((rule) => rule.http.paths)
        .map(({ backend: { service } }) => [service.name, service.port.name]);
    case "HTTPRoute":
    case "GRPCRoute":
      return spec.rules.flatMap((rule) => rule.backendRefs).map(({ name, port }) => [name, port]);
    default:
      return [];
  }
}

function assertSelects(selector, labels, message) {
  for (const [name, value] of Object.entries(selector)) {
    assert.equal(labels[name], value, message);
  }
}

test("a StatefulSet selects its own pods", () => {
  for (const { file, objects } of rendered) {
    const { spec } = only(objects, "StatefulSet");
    assertSelects(spec.selector.matchLabels, spec.template.metadata.labels, file);
  }
});

test("what is mounted is a volume, what is named in a pod is named once", () => {
  for (const { file, objects } of rendered) {
    const claims = objects.flatMap(({ spec }) => spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name);
    for (const pod of pods(objects)) {
      const volumes = [...(pod.spec.volumes ?? []).map(({ name }) => name), ...(pod.name.endsWith("-test") ? [] : claims)];
      assert.equal(new Set(volumes).size, volumes.length, file);
      for (const container of containers(pod)) {
        const mounts = container.volumeMounts ?? [];
        mounts.forEach(({ name }) => assert.ok(volumes.includes(name), `${file}: ${name}`));
        for (const list of [mounts.map((one) => one.mountPath), (container.env ?? []).map((one) => one.name)]) {
          assert.equal(new Set(list).size, list.length, file);
        }
        (container.ports ?? []).forEach(({ name }) => assert.ok(name.length <= 15));
      }
    }
  }
});

test("the hub is probed at its own health, and told where its settings are", () => {
  const hub = hubContainer(byDefault);
  assert.deepEqual(hub.args, ["run"]);
  assert.equal(hub.terminationMessagePolicy, "FallbackToLogsOnError");
  assert.equal(hub.startupProbe.httpGet.path, "/observe/health/started");
  assert.equal(hub.livenessProbe.httpGet.path, "/observe/health/live");
  assert.equal(hub.readinessProbe.httpGet.path, "/observe/health/ready");
  assert.deepEqual(hub.env, [
    { name: "REACTORHUB_CONFIG", value: "/etc/reactorhub/reactorhub.yaml" },
    { name: "REACTORHUB_DATA_DIR", value: "/data" },
    { name: "REACTORHUB_SERVER_HOST", value: "0.0.0.0" },
  ]);
});

test("a test that starts the container by itself is told all it needs", () => {
  const container = renderedContainer(byDefault);
  assert.equal(container.env.REACTORHUB_CONFIG, "/etc/reactorhub/reactorhub.yaml");
  assert.match(container.files["/etc/reactorhub/reactorhub.yaml"], /^server\.port: 8080$/m);
  assert.deepEqual(container.ports, { http: 8080, grpc: 9090 });
  assert.equal(container.securityContext.runAsUser, 65532);
  assert.equal(container.securityContext.readOnlyRootFilesystem, true);
  assert.equal(container.probes.readiness.port, 8080);
  assert.deepEqual(container.volumes.map(({ mountPath }) => mountPath), ["/etc/reactorhub", "/data", "/tmp"]);
});

test("ports and the data folder follow the settings", async () => {
  const objects = (
    await template({ values: { config: { "server.port": 8081, "grpc.port": 9091, "data.dir": "/log" } } })
  ).objects();
  const hub = hubContainer(objects);
  assert.deepEqual(hub.ports.map((port) => port.containerPort), [8081, 9091]);
  assert.equal(hub.volumeMounts.find(({ name }) => name === "data").mountPath, "/log");
  assert.equal(hub.env[1].value, "/log");
});

test("a hub in memory claims no volume", () => {
  const { objects } = rendered.find(({ file }) => file === "ci/in-memory-values.yaml");
  const { spec } = only(objects, "StatefulSet");
  assert.equal(spec.volumeClaimTemplates, undefined);
  assert.deepEqual(spec.template.spec.volumes.find(({ name }) => name === "data"), { name: "data", emptyDir: {} });
});

test("an existing claim takes the place of one of its own", () => {
  const { objects } = rendered.find(({ file }) => file === "ci/existing-claim-values.yaml");
  const { spec } = only(objects, "StatefulSet");
  assert.equal(spec.volumeClaimTemplates, undefined);
  assert.deepEqual(spec.template.spec.volumes.find(({ name }) => name === "data").persistentVolumeClaim, {
    claimName: "hub-data",
  });
});

for (const [grace, seconds] of [
  [undefined, 30],
  ["10s", 15],
  ["10500ms", 16],
  ["2m", 125],
  ["PT1M30S", 95],
  ["1h", 3605],
]) {
  test(`a hub that may take ${grace ?? "its default time"} to stop is killed after ${seconds} s`, async () => {
    const config = grace === undefined ? {} : { "drain.grace": grace };
    const outcome = await template({ values: { config }, args: ["--skip-schema-validation"] });
    assert.equal(only(outcome.objects(), "StatefulSet").spec.template.spec.terminationGracePeriodSeconds, seconds);
  });
}

test("neither health nor metrics are let through from outside", () => {
  for (const { file, objects } of rendered) {
    const paths = objects.flatMap(({ kind, spec }) => {
      if (kind === "HTTPRoute") {
        return spec.rules.flatMap((rule) => rule.matches).map(({ path }) => path);
      }
      return kind === "Ingress" && !spec.rules[0].host.startsWith("grpc.")
        ? spec.rules.flatMap((rule) => rule.http.paths).map((one) => ({ type: one.pathType, value: one.path }))
        : [];
    });
    paths
      .filter(({ type, value }) => type !== "Exact" && "/observe/metrics".startsWith(value))
      .forEach((path) => assert.fail(`${file}: ${JSON.stringify(path)}`));
  }
});
