// Writes what is derived from the values: run it after changing values.yaml, values.schema.json or docs/configuration.md.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readmeText, schemaText } from "./support/derived.mjs";
import { chart } from "./support/helm.mjs";

writeFileSync(join(chart, "values.schema.json"), schemaText());
writeFileSync(join(chart, "README.md"), readmeText());
