// The example values of the chart.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { chart, template } from "./helm.mjs";

/** Their files, as names within the chart. */
export const ciFiles = readdirSync(join(chart, "ci"))
  .sort()
  .map((file) => `ci/${file}`);

/** The values of one of them. */
export const ciValues = (file) => parse(readFileSync(join(chart, file), "utf8")) ?? {};

/** What each renders: the file and the objects. */
export const renderedCi = () =>
  Promise.all(ciFiles.map(async (file) => ({ file, objects: (await template({ files: [file] })).objects() })));

/** The pods among objects: of StatefulSets and by themselves. */
export function pods(objects) {
  return objects.flatMap((object) => {
    if (object.kind === "StatefulSet") {
      return [{ name: object.metadata.name, ...object.spec.template }];
    }
    return object.kind === "Pod" ? [{ name: object.metadata.name, ...object }] : [];
  });
}

/** Every container of a pod. */
export const containers = (pod) => [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
