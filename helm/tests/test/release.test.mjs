// A release from its installation to its end, with a real helm, against an API server that is a stand-in.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { ciFiles } from "../support/ci.mjs";
import { FakeApi } from "../support/fake-api.mjs";
import { chart, helm } from "../support/helm.mjs";

let api;
let folder;

beforeEach(async () => {
  api = await new FakeApi().start();
  folder = mkdtempSync(join(tmpdir(), "reactor-hub-chart."));
  writeFileSync(join(folder, "kubeconfig"), api.kubeconfig());
});

afterEach(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});

/** Runs helm against the API, from nothing but its own folder. */
function run(args, values = {}) {
  return helm([...args, `--kubeconfig=${join(folder, "kubeconfig")}`], {
    input: JSON.stringify(values),
    env: { HOME: folder, HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder },
  });
}

async function succeed(args, values) {
  const outcome = await run(args, values);
  assert.equal(outcome.code, 0, outcome.stderr);
  return outcome.stdout;
}

const install = (values, from = chart) => succeed(["install", "hub", from, "--values=-"], values);
// Without "--reset-values", helm keeps the values of before when none are given.
const upgrade = (values, from = chart) => succeed(["upgrade", "hub", from, "--reset-values", "--values=-"], values);
const described = () =>
  api.objects().map(({ metadata: { name, labels, annotations }, ...object }) => ({ name, labels, annotations, ...object }));
const set = () => api.get("StatefulSet", "hub-reactor-hub");
const checksum = () => set().spec.template.metadata.annotations["checksum/config"];
const settings = () => api.get("ConfigMap", "hub-reactor-hub").data["reactorhub.yaml"];

test("installed, changed, rolled back and uninstalled", async () => {
  await install({});
  const first = described();
  const firstChecksum = checksum();
  assert.equal(first.length, 8);

  await upgrade({ config: { "log.retention.age": "1d" } });
  assert.match(settings(), /log\.retention\.age: 1d/);
  assert.notEqual(checksum(), firstChecksum, "a changed setting restarts the hub");

  await succeed(["rollback", "hub", "1"]);
  assert.deepEqual(described(), first, "a rollback restores every object");

  await succeed(["uninstall", "hub"]);
  assert.deepEqual(api.objects(), []);
});

test("helm test runs its pod, and takes it away", async () => {
  await install({});
  const report = await succeed(["test", "hub", "--logs"]);
  assert.match(report, /Phase: +Succeeded/);
  assert.match(report, /published and read/);
  assert.equal(api.requests.filter((line) => line.startsWith("DELETE") && line.endsWith("-test")).length, 2);
  assert.equal(api.get("Pod", "hub-reactor-hub-test"), undefined);
});

test("what an upgrade no longer has is removed", async () => {
  await install({ networkPolicy: { enabled: true }, monitoring: { serviceMonitor: { enabled: true } } });
  assert.ok(api.get("NetworkPolicy", "hub-reactor-hub"));
  await upgrade({});
  assert.equal(api.get("NetworkPolicy", "hub-reactor-hub"), undefined);
  assert.equal(api.get("ServiceMonitor", "hub-reactor-hub"), undefined);
});

test("a StatefulSet takes every change of values but that of its claim and its names", async () => {
  await install({});
  // These are another claim or another name: see UPGRADING.md.
  const others = /existing-claim|in-memory|everything|locked-down/;
  for (const file of ciFiles.filter((one) => !others.test(one))) {
    await succeed(["upgrade", "hub", chart, "--reset-values", `--values=${join(chart, file)}`]);
  }
});

test("a claim of another size is refused by the API, and the release goes on", async () => {
  await install({});
  const outcome = await run(["upgrade", "hub", chart, "--values=-"], { persistence: { size: "16Gi" } });
  assert.notEqual(outcome.code, 0);
  assert.match(outcome.stderr, /updates to statefulset spec for fields other than/);
  await upgrade({});
  assert.equal(set().spec.volumeClaimTemplates[0].spec.resources.requests.storage, "10Gi");
});

test("a StatefulSet that was taken away is made anew, with a claim of another size", async () => {
  await install({ podLabels: { team: "platform" } });
  api.remove("StatefulSet", "hub-reactor-hub");
  await succeed(["upgrade", "hub", chart, "--reset-then-reuse-values", "--set=persistence.size=16Gi"]);
  assert.equal(set().spec.volumeClaimTemplates[0].spec.resources.requests.storage, "16Gi");
  assert.equal(set().spec.template.metadata.labels.team, "platform");
});

test("another version of the chart alone does not restart the hub", async () => {
  await install({});
  const pod = set().spec.template;
  const next = join(folder, "chart");
  cpSync(chart, next, { recursive: true });
  const manifest = readFileSync(join(chart, "Chart.yaml"), "utf8");
  writeFileSync(join(next, "Chart.yaml"), manifest.replace(/^version: .*$/m, "version: 99.0.0"));
  await upgrade({}, next);
  assert.equal(set().metadata.labels["helm.sh/chart"], "reactor-hub-99.0.0");
  assert.deepEqual(set().spec.template, pod);
});

test("what the API does not know is refused by it", async () => {
  const outcome = await run(["install", "hub", chart, "--values=-"], { resources: { limit: { memory: "1Gi" } } });
  assert.notEqual(outcome.code, 0);
  assert.match(outcome.stderr, /strict decoding error: .*\/resources\/limit: no such field/);
});

test("the notes say what to do next", async () => {
  const notes = await install({
    ingress: { http: { enabled: true, hosts: ["hub.example.org"], tls: [{ secretName: "hub" }] } },
  });
  assert.match(notes, /rollout status statefulset\/hub-reactor-hub/);
  assert.match(notes, /https:\/\/hub\.example\.org\//);
  assert.match(notes, /no accounts yet/);
});
