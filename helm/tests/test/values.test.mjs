// Every value is described, used and documented; the hub's settings are those that it has.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { ciFiles, ciValues } from "../support/ci.mjs";
import { configKeys } from "../support/config-keys.mjs";
import { readmeText, schema, schemaText, valueRows, values } from "../support/derived.mjs";
import { chart, hubContainer, only, template } from "../support/helm.mjs";

const read = (file) => readFileSync(join(chart, file), "utf8");

/** Every node of the schema that stands for a value. */
function nodes(node, path) {
  const children = Object.entries(node.properties ?? {}).flatMap(([name, child]) => nodes(child, `${path}.${name}`));
  const items = node.items?.properties ? nodes(node.items, `${path}[]`) : [];
  return [{ path, node }, ...children, ...items];
}

test("every value is described, and an object says what it may hold", () => {
  for (const { path, node } of nodes(schema(), "values")) {
    assert.ok(node.description?.endsWith("."), `${path} has no description`);
    if (node.type === "object") {
      assert.notEqual(node.additionalProperties, undefined, path);
      assert.ok(node.additionalProperties === false || node.properties === undefined, path);
    }
  }
});

test("the values of the chart are those of its schema", () => {
  // Left to the chart around this one, and times of probes for which Kubernetes has a default.
  const unset = /^(global|config\..*|probes\.\w+\.(initialDelaySeconds|successThreshold))$/;
  for (const { path, value } of valueRows()) {
    assert.ok(value !== undefined || unset.test(path.join(".")), `${path.join(".")} is not in values.yaml`);
  }
  assert.equal(schema().additionalProperties, false);
});

test("the schema holds the hub's settings as they are documented: npm run generate", () => {
  assert.equal(read("values.schema.json"), schemaText());
});

test("the README lists every value as it is: npm run generate", () => {
  assert.equal(read("README.md"), readmeText());
});

test("every setting of the hub can be set, and is in its file as it was given", async () => {
  const given = Object.fromEntries(
    configKeys().map(({ key, byDefault }) => [key, /^\d+$/.test(byDefault) ? Number(byDefault) : byDefault]),
  );
  // What would be refused, or is no value.
  Object.assign(given, {
    "server.host": "::",
    "data.dir": "/data",
    "log.retention.channels": ["chat.* age=1h events=10000", "metrics.> bytes=64MiB"],
    "web.allowed-origins": ["https://app.example.org"],
    "log.dedup.ids": 100000000,
    "log.retention.bytes": 4294967296,
  });
  const objects = (await template({ values: { config: given } })).objects();
  const text = only(objects, "ConfigMap").data["reactorhub.yaml"];
  assert.deepEqual(parse(text), given);
  // The hub reads digits only.
  assert.match(text, /^log\.dedup\.ids: 100000000$/m);
  assert.match(text, /^log\.retention\.bytes: 4294967296$/m);
});

test("what the chart assumes of the hub's defaults is so", () => {
  const defaults = new Map(configKeys().map(({ key, byDefault }) => [key, byDefault]));
  const assumed = values().config;
  for (const key of ["server.port", "grpc.port", "log.durability", "log.retention.age", "log.retention.bytes"]) {
    assert.equal(String(assumed[key]), defaults.get(key), key);
  }
  assert.equal(defaults.get("drain.grace") ?? "25s", "25s");
});

test("every value has an effect in one of the example files", async () => {
  const withFile = await Promise.all(ciFiles.map(async (file) => [file, (await template({ files: [file] })).stdout]));
  const whole = new Map(withFile);
  const rows = valueRows().filter(({ path }) => !["global", "config"].includes(path[0]));
  const withoutEffect = await inTurns(rows, async ({ path }) => {
    for (const file of ciFiles) {
      const given = ciValues(file);
      if (remove(given, path) && (await template({ values: given })).stdout !== whole.get(file)) {
        return [];
      }
    }
    return [path.join(".")];
  });
  assert.deepEqual(withoutEffect.flat(), []);
});

/** At most four at a time: each starts a helm. */
async function inTurns(items, work) {
  const results = [];
  const queue = [...items];
  const worker = async () => {
    while (queue.length > 0) {
      results.push(await work(queue.shift()));
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
  return results;
}

/** Takes a value away. Answers whether it was there. */
function remove(object, [name, ...rest]) {
  if (object === null || typeof object !== "object" || !(name in object)) {
    return false;
  }
  if (rest.length > 0) {
    return remove(object[name], rest);
  }
  delete object[name];
  return true;
}

test("every file of the live page is let through", () => {
  const pages = readdirSync(new URL("../../../service/src/main/resources/web/", import.meta.url));
  const exact = values().exposedPaths.filter(({ type }) => type === "Exact").map(({ path }) => path);
  const needed = pages.map((page) => (page === "index.html" ? "/" : `/${page}`));
  assert.deepEqual(exact.sort(), needed.sort());
});

test("a changed setting changes the pod, another chart version does not", async () => {
  const podOf = async (options) => only((await template(options)).objects(), "StatefulSet").spec.template;
  const pod = await podOf({});
  const changed = await podOf({ values: { config: { "log.retention.age": "1d" } } });
  assert.notEqual(changed.metadata.annotations["checksum/config"], pod.metadata.annotations["checksum/config"]);
  assert.deepEqual(changed.spec, pod.spec);
  Object.values({ ...pod.metadata.labels, ...pod.metadata.annotations }).forEach((value) =>
    assert.doesNotMatch(value, /^reactor-hub-\d/),
  );
});

test("an image is named by its digest when there is one, else by its tag, else by the hub's version", async () => {
  const imageOf = async (image) => hubContainer((await template({ values: { image } })).objects()).image;
  const digest = `sha256:${"0".repeat(64)}`;
  assert.equal(await imageOf({}), `reactor-hub:${parse(read("Chart.yaml")).appVersion}`);
  assert.equal(await imageOf({ tag: "7" }), "reactor-hub:7");
  assert.equal(await imageOf({ tag: "7", digest }), `reactor-hub@${digest}`);
});
