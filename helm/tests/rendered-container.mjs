// Prints the hub's container of the rendered chart as JSON. Arguments go to helm: --values=FILE, --set=…
import { renderedContainer } from "./support/container.mjs";
import { template } from "./support/helm.mjs";

const outcome = await template({ args: process.argv.slice(2) });
if (outcome.code === 0) {
  process.stdout.write(`${JSON.stringify(renderedContainer(outcome.objects()), null, 2)}\n`);
} else {
  process.stderr.write(outcome.stderr);
  process.exitCode = 1;
}
