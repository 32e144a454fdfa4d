// The hub's settings as docs/configuration.md lists them; a Java test holds that list to the code.
import { readFileSync } from "node:fs";

const document = new URL("../../../docs/configuration.md", import.meta.url);

const number = String.raw`(0|[1-9][0-9]*)`;
const size = String.raw`${number}( ?(B|KiB|MiB|GiB|TiB))?`;
const duration = String.raw`${number} ?(ms|s|m|h|d)|P[0-9DTHMS.]+`;

/** Every setting: its key, default, rule and meaning. */
export function configKeys() {
  return readFileSync(document, "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => {
      const [key, , byDefault, rule, meaning] = line.slice(2, -2).split(" | ");
      return { key: bare(key), byDefault: byDefault === "none" ? "" : bare(byDefault), rule, meaning };
    });
}

const bare = (code) => code.replaceAll("`", "");

/** The part of the chart's schema that holds the hub's settings. */
export function configSchema() {
  return {
    type: "object",
    description:
      "The hub's settings, by the names of docs/configuration.md, dots included. What is left out has the hub's" +
      " own default. A change restarts the hub.",
    additionalProperties: false,
    required: ["server.host", "server.port", "grpc.port", "data.dir", "log.durability", "log.retention.bytes"],
    properties: Object.fromEntries(configKeys().map((setting) => [setting.key, property(setting)])),
  };
}

function property({ key, byDefault, rule, meaning }) {
  const bounds = key.endsWith(".port") ? `${rule}, but not 0 here` : rule;
  const description = `${meaning} Default: ${byDefault === "" ? "none" : byDefault}. Bounds: ${bounds}.`;
  return { description, ...valueOf(key, rule) };
}

/** What a rule of the table allows, as far as a schema can say it. The hub itself checks the rest. */
function valueOf(key, rule) {
  if (key.endsWith(".port")) {
    // Any free port, 0, is of no use behind a Service.
    return { type: "integer", minimum: 1, maximum: 65535 };
  }
  const range = /^a number from (\d+)(?: to (\d+))?$/.exec(rule);
  if (range) {
    const maximum = range[2] === undefined ? {} : { maximum: Number(range[2]) };
    return { type: "integer", minimum: Number(range[1]), ...maximum };
  }
  if (rule.startsWith("one of ")) {
    return { type: "string", enum: rule.slice("one of ".length).split(", ") };
  }
  if (/^(0, or )?a size from/.test(rule)) {
    return { type: ["string", "integer"], minimum: 0, pattern: `^(${size})$` };
  }
  if (/^(0, or )?a duration from/.test(rule)) {
    return { type: ["string", "integer"], minimum: 0, maximum: 0, pattern: `^(0|${duration})$` };
  }
  if (key === "data.dir") {
    return { type: "string", pattern: "^/[^ ]+$" };
  }
  if (/separated by (semicolons|commas)/.test(rule)) {
    return { type: ["string", "array"], items: { type: "string" } };
  }
  return { type: "string" };
}
