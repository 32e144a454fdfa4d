// What is derived from the values: the settings within the schema, and the chart's README.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { configSchema } from "./config-keys.mjs";
import { chart } from "./helm.mjs";

const read = (file) => readFileSync(join(chart, file), "utf8");

export const values = () => parse(read("values.yaml"));
export const schema = () => JSON.parse(read("values.schema.json"));

/** The schema with the hub's settings as they are documented now. */
export function schemaText() {
  const whole = schema();
  whole.properties.config = configSchema();
  return `${JSON.stringify(whole, null, 2)}\n`;
}

/**
 * Every value that a user may set, in the order of the schema: its path, its description, its default
 * (undefined when the chart sets none). Below a Kubernetes type or a free map nothing is listed.
 */
export function valueRows(node = schema(), given = values(), path = []) {
  return Object.entries(node.properties).flatMap(([name, child]) => {
    const here = [...path, name];
    const value = given?.[name];
    return child.type === "object" && child.properties
      ? valueRows(child, value ?? {}, here)
      : [{ path: here, description: child.description, value }];
  });
}

/** The chart's README: how to begin, then a table of the values from the schema. */
export function readmeText() {
  const { name, version, appVersion, kubeVersion, description } = parse(read("Chart.yaml"));
  const sections = new Map();
  for (const row of valueRows().filter(({ path }) => path[0] !== "global")) {
    const section = row.path.length > 1 ? row.path[0] : "";
    sections.set(section, [...(sections.get(section) ?? []), row]);
  }
  const described = schema().properties;
  return [
    "<!-- Made of values.yaml and values.schema.json by `npm run generate` in helm/tests. -->",
    `# ${name}`,
    `${description}. Chart ${version}, hub ${appVersion}, Kubernetes ${kubeVersion.replace("-0", "")}.`,
    beginning,
    "## Values",
    "The schema of the chart holds their types; a value that does not exist is refused.",
    ...[...sections].flatMap(([section, rows]) => [
      section === "" ? "### The release and the pod" : `### \`${section}\``,
      ...(section === "" ? [] : [described[section].description]),
      ...(section === "config" ? [`In \`--set\`, dots within a name are escaped: \`--set 'config.drain\\.window=30s'\`.`] : []),
      table(rows),
    ]),
  ]
    .join("\n\n")
    .concat("\n");
}

const beginning = `From nothing to a working install: [docs/install-kubernetes.md](../../docs/install-kubernetes.md). What changed between
versions: [UPGRADING.md](UPGRADING.md). What each alert means: [docs/operations.md](../../docs/operations.md#alerts).

\`\`\`sh
helm install hub helm/reactor-hub --namespace reactor --create-namespace
helm test hub --namespace reactor
\`\`\`

One hub runs as a StatefulSet of one pod with its log on a volume. Four Services lead to it: \`NAME\` (HTTP, WebSocket, SSE),
\`NAME-grpc\`, \`NAME-headless\` (the pod by its name) and \`NAME-metrics\` (for Prometheus). Everything else is optional. What cannot
work is refused with a sentence. Example values, each rendered and checked by the tests: [ci/](ci/).`;

function table(rows) {
  return [
    "| value | default | meaning |",
    "|---|---|---|",
    ...rows.map(({ path, description, value }) => `| \`${path.join(".")}\` | ${code(value)} | ${cell(description)} |`),
  ].join("\n");
}

function code(value) {
  return value === undefined ? "" : `\`${cell(JSON.stringify(value))}\``;
}

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
