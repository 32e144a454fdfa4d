// What cannot work is refused, with a sentence that says why and what to do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { template } from "../support/helm.mjs";

const refusals = {
  "more hubs than one on an embedded log": {
    values: { replicas: 3 },
    says: "replicas is 3: the embedded log belongs to one hub, so there can be 1, or 0 for none",
  },
  "a hub killed before it has stopped": {
    values: { terminationGracePeriodSeconds: 25 },
    says: "terminationGracePeriodSeconds is 25, but the hub may take 25 s to stop (config drain.grace) and would be killed meanwhile: make it longer than that, or leave it out",
  },
  "a hub that waits for balancers until it is killed": {
    values: { config: { "drain.delay": "16s" } },
    says: "config drain.delay is 16s, but drain.grace is 25s: the hub does not start unless that is 10 s longer",
  },
  "a log in memory that the memory does not hold": {
    values: { config: { "log.durability": "memory" } },
    says: "config log.durability is memory, and log.retention.bytes 4GiB: of resources.limits.memory, 1Gi, Java takes half, and the log may have half of that; keep 256MiB or less, or raise the limit",
  },
  "a log in memory without a bound": {
    values: { config: { "log.durability": "memory", "log.retention.bytes": 0 } },
    says: "config log.durability is memory, and log.retention.bytes 0:",
  },
  "a proxy that cuts what is silent": {
    values: {
      config: { "web.heartbeat": "45s" },
      ingress: { controller: "ingress-nginx", timeoutSeconds: 45, grpc: { enabled: true, hosts: ["a.example.org"] } },
    },
    says: "ingress.timeoutSeconds is 45, but a connection may be silent for 45 s (config web.heartbeat) and would be cut: make it longer than that",
  },
  "a volume smaller than what is kept": {
    values: { persistence: { size: "4Gi" } },
    says: "persistence.size is 4Gi, but the log may take 4GiB (config log.retention.bytes) and needs 1Gi beside it for write-ahead files and compaction: make the volume larger, or keep less",
  },
  "a volume smaller than a number of bytes": {
    values: { config: { "log.retention.bytes": 17179869184 }, persistence: { size: "10G" } },
    says: "persistence.size is 10G, but the log may take",
  },
  "an Ingress without a host": {
    values: { ingress: { http: { enabled: true } } },
    says: "ingress.http.enabled is true, but ingress.http.hosts is empty: name the host that clients use",
  },
  "a route without a Gateway": {
    values: { gateway: { grpc: { enabled: true } } },
    says: "gateway.grpc.enabled is true, but gateway.grpc.parentRefs is empty: name the Gateway that the route belongs to",
  },
  "one host for two ways of speaking": {
    values: {
      ingress: { http: { enabled: true, hosts: ["a.example.org"] }, grpc: { enabled: true, hosts: ["a.example.org"] } },
    },
    says: "a.example.org is in ingress.http.hosts and in ingress.grpc.hosts: gRPC needs a host of its own",
  },
  "two volumes at one path": {
    values: { config: { "data.dir": "/tmp/" } },
    says: "config data.dir is /tmp/, where the chart mounts another volume: leave it at /data",
  },
  "a scrape that outlasts its interval": {
    values: { monitoring: { serviceMonitor: { enabled: true, interval: "5s" } } },
    says: "monitoring.serviceMonitor.scrapeTimeout is 10s, longer than its interval, 5s, which Prometheus refuses: make it shorter",
  },
  "one port for two faces": {
    values: { config: { "grpc.port": 8080 } },
    says: "config server.port and grpc.port are both 8080: each needs a port of its own",
  },
  "a hub that only its own pod reaches": {
    values: { config: { "server.host": "127.0.0.1" } },
    says: "config server.host is 127.0.0.1: nothing outside the pod, probes included, would reach the hub; leave it at 0.0.0.0, or set it to ::",
  },
  "a budget that lets no node be drained": {
    values: { podDisruptionBudget: { maxUnavailable: 0 } },
    says: "podDisruptionBudget allows no eviction of the one hub, so that no node could ever be drained: set maxUnavailable to 1",
  },
  "a part of one hub that must remain": {
    values: { podDisruptionBudget: { minAvailable: "50%", maxUnavailable: null } },
    says: "podDisruptionBudget allows no eviction of the one hub, so that no node could ever be drained: set maxUnavailable to 1",
  },
  "a budget said twice": {
    values: { podDisruptionBudget: { minAvailable: 0 } },
    says: "podDisruptionBudget takes one of minAvailable and maxUnavailable: set the other to null",
  },
  "a setting behind the chart's back": {
    values: { extraEnv: [{ name: "REACTORHUB_SERVER_PORT", value: "1" }] },
    says: "extraEnv sets REACTORHUB_SERVER_PORT, behind the back of the chart, which derives ports, volumes and the grace period from its setting: use config",
  },
  "a value that does not exist": { values: { replicaCount: 1 }, says: "additional properties 'replicaCount' not allowed" },
  "a setting that the hub has not": {
    values: { config: { "log.retention.agee": "1d" } },
    says: "additional properties 'log.retention.agee' not allowed",
  },
  "a number beyond its bound": {
    values: { config: { "limits.channels": 10001 } },
    says: "at '/config/limits.channels': maximum: got 10,001, want 10,000",
  },
  "a duration without a unit": {
    values: { config: { "log.retention.age": "7" } },
    says: "at '/config/log.retention.age': '7' does not match pattern",
  },
  "a setting that the chart needs": {
    values: { config: { "log.durability": null } },
    says: "at '/config': missing property 'log.durability'",
  },
  "another type": { values: { service: { http: { type: "External" } } }, says: "value must be one of 'ClusterIP', 'NodePort'" },
  "a size that Kubernetes does not read": { values: { persistence: { size: "8GB" } }, says: "at '/persistence/size'" },
  "a host that is none": {
    values: { ingress: { http: { enabled: true, hosts: ["https://a.example.org"] } } },
    says: "at '/ingress/http/hosts/0'",
  },
  "a name that a Service cannot have": { values: { fullnameOverride: "2_hubs" }, says: "at '/fullnameOverride'" },
  "a tag that is none": { values: { image: { tag: "1.0 rc" } }, says: "at '/image/tag'" },
  "a Gateway without a name": { values: { gateway: { http: { enabled: true, parentRefs: [{}] } } }, says: "missing property 'name'" },
  "a port beyond all ports": { values: { service: { grpc: { port: 70000 } } }, says: "at '/service/grpc/port'" },
  "a digest that is none": { values: { image: { digest: "latest" } }, says: "at '/image/digest'" },
};

for (const [what, { values, says }] of Object.entries(refusals)) {
  test(`refused: ${what}`, async () => {
    const outcome = await template({ values });
    assert.equal(outcome.code, 1, outcome.stdout);
    assert.ok(outcome.stderr.includes(says), outcome.stderr);
    assert.equal(outcome.stdout, "");
  });
}

test("all that is wrong is said at once", async () => {
  const { stderr } = await template({ values: { replicas: 2, ingress: { http: { enabled: true } } } });
  assert.match(stderr, /These values cannot work:\n- replicas is 2: .*\n- ingress\.http\.enabled is true/);
});

test("a hub that waits for balancers as long as its grace allows is let through", async () => {
  const outcome = await template({ values: { config: { "drain.delay": "15s" } } });
  assert.equal(outcome.code, 0, outcome.stderr);
});

test("a log in memory may be as large as its pod allows, or as it says where no limit is", async () => {
  const inMemory = (bytes, memory) => ({
    config: { "log.durability": "memory", "log.retention.bytes": bytes },
    resources: { limits: { memory } },
  });
  for (const values of [inMemory("256MiB"), inMemory("1GiB", "4Gi"), inMemory("4GiB", null)]) {
    const outcome = await template({ values });
    assert.equal(outcome.code, 0, outcome.stderr);
  }
});

test("a second longer than the hub takes at most is long enough", async () => {
  const outcome = await template({ values: { terminationGracePeriodSeconds: 26 } });
  assert.equal(outcome.code, 0, outcome.stderr);
});
