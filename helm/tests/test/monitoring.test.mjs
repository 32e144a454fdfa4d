// Alerts and the dashboard: they are installed as the files of the chart say.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { parse, stringify } from "yaml";
import { chart, only, template } from "../support/helm.mjs";

const alerts = parse(readFileSync(join(chart, "files/alerts.yaml"), "utf8"));
const dashboardText = readFileSync(join(chart, "files/dashboard.json"), "utf8");
const monitoring = (values) => ({ values: { monitoring: values } });
const rulesOf = async (prometheusRule) =>
  only((await template(monitoring({ prometheusRule: { enabled: true, ...prometheusRule } }))).objects(), "PrometheusRule").spec;

/** Whether promtool takes rules; what it says. */
function promtool(spec) {
  const folder = mkdtempSync(join(tmpdir(), "reactor-hub-rules."));
  try {
    writeFileSync(join(folder, "rules.yaml"), stringify(spec));
    const outcome = spawnSync("promtool", ["check", "rules", "--lint-fatal", join(folder, "rules.yaml")], {
      encoding: "utf8",
      timeout: 30_000,
    });
    return { code: outcome.status, said: outcome.stdout + outcome.stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the alerts are installed as they are in their file", async () => {
  assert.deepEqual(await rulesOf({}), alerts);
});

test("promtool takes the alerts as installed, and refuses a wrong expression", async () => {
  const spec = await rulesOf({ alertLabels: { team: "platform" } });
  const outcome = promtool(spec);
  assert.equal(outcome.code, 0, outcome.said);
  spec.groups[0].rules[0].expr = "rate(reactorhub_sessions";
  assert.notEqual(promtool(spec).code, 0);
});

test("an alert can be left out, labelled, and joined by others", async () => {
  const own = { alert: "NewsStopped", expr: "vector(1)" };
  const left = alerts.groups[0].rules[0].alert;
  const { groups } = await rulesOf({ disabled: [left], alertLabels: { team: "platform" }, extraRules: [own] });
  const { rules } = groups[0];
  assert.equal(rules.length, alerts.groups[0].rules.length);
  assert.ok(rules.every(({ alert }) => alert !== left));
  assert.deepEqual(rules.at(-1), own);
  rules.slice(0, -1).forEach(({ labels }) => {
    assert.equal(labels.team, "platform");
    assert.match(labels.severity, /^(warning|critical)$/);
  });
});

test("an alert to be left out must exist", async () => {
  const outcome = await template(monitoring({ prometheusRule: { enabled: true, disabled: ["ReactorHubGone"] } }));
  assert.match(outcome.stderr, /monitoring\.prometheusRule\.disabled names ReactorHubGone: there is no such alert/);
});

test("the dashboard is installed as it is in its file, under one name for all releases", async () => {
  const objects = (await template(monitoring({ dashboard: { enabled: true } }))).objects();
  const { data, metadata } = only(objects, "ConfigMap", "hub-reactor-hub-dashboard");
  assert.deepEqual(JSON.parse(data["reactor-hub.json"]), JSON.parse(dashboardText));
  assert.equal(metadata.labels.grafana_dashboard, "1");
  // What a ConfigMap may hold, and what Grafana's sidecar can be sure of.
  assert.ok(data["reactor-hub.json"].length < 1 << 20);
  assert.equal(JSON.parse(dashboardText).uid, "reactor-hub");
});

test("the scrape gives the names that the alerts and the dashboard look for", async () => {
  const objects = (await template(monitoring({ serviceMonitor: { enabled: true } }))).objects();
  const { spec } = only(objects, "ServiceMonitor");
  const [endpoint] = spec.endpoints;
  assert.equal(endpoint.path, "/observe/metrics");
  assert.deepEqual(endpoint.relabelings[0], { targetLabel: "job", replacement: "reactor-hub" });
  assert.match(alerts.groups[0].rules[0].expr, /job=~"\.\*reactor-hub\.\*"/);

  const service = only(objects, "Service", "hub-reactor-hub-metrics");
  assert.equal(service.spec.ports[0].name, endpoint.port);
  for (const [label, value] of Object.entries(spec.selector.matchLabels)) {
    assert.equal(service.metadata.labels[label], value);
  }
  const selected = objects.filter(
    ({ kind, metadata }) =>
      kind === "Service" &&
      Object.entries(spec.selector.matchLabels).every(([label, value]) => metadata.labels[label] === value),
  );
  assert.equal(selected.length, 1, "one Service, so that no pod is scraped twice");
});
