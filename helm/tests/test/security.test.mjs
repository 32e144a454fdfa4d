// Every pod keeps to the restricted policy of the Pod Security Standards, and has no token.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { containers, pods, renderedCi } from "../support/ci.mjs";
import { template } from "../support/helm.mjs";

let all;

before(async () => {
  const values = [
    { replicas: 0 },
    { tests: { enabled: false } },
    { serviceAccount: { create: false } },
    { config: { "log.durability": "memory", "log.retention.bytes": "64MiB" }, networkPolicy: { enabled: true } },
    { persistence: { existingClaim: "data" }, existingSecret: "settings" },
  ];
  const rendered = await Promise.all(values.map(async (each) => (await template({ values: each })).objects()));
  all = [...(await renderedCi()).flatMap(({ objects }) => pods(objects)), ...rendered.flatMap(pods)];
});

const volumeTypes = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

/** What breaks the restricted policy, as the admission controller of Kubernetes 1.35 reads it. */
function violations({ spec }) {
  const pod = spec.securityContext ?? {};
  const found = [];
  const must = (holds, rule) => holds || found.push(rule);
  for (const name of ["hostNetwork", "hostPID", "hostIPC"]) {
    must(!spec[name], name);
  }
  must((pod.sysctls ?? []).length === 0, "sysctls");
  for (const volume of spec.volumes ?? []) {
    must(Object.keys(volume).every((key) => key === "name" || volumeTypes.includes(key)), `volume ${volume.name}`);
  }
  for (const container of containers({ spec })) {
    const own = container.securityContext ?? {};
    const effective = { ...pod, ...own };
    must(!own.privileged, `${container.name} privileged`);
    must(own.allowPrivilegeEscalation === false, `${container.name} allowPrivilegeEscalation`);
    must(effective.runAsNonRoot === true, `${container.name} runAsNonRoot`);
    must(effective.runAsUser !== 0, `${container.name} runAsUser`);
    must(["RuntimeDefault", "Localhost"].includes(effective.seccompProfile?.type), `${container.name} seccompProfile`);
    must(own.capabilities?.drop?.includes("ALL"), `${container.name} capabilities.drop`);
    must((own.capabilities?.add ?? []).every((one) => one === "NET_BIND_SERVICE"), `${container.name} capabilities.add`);
    must((own.procMount ?? "Default") === "Default", `${container.name} procMount`);
    must((container.ports ?? []).every((port) => !port.hostPort), `${container.name} hostPort`);
    for (const probe of ["startupProbe", "livenessProbe", "readinessProbe"]) {
      must(!container[probe]?.httpGet?.host, `${container.name} ${probe} host`);
    }
  }
  return found;
}

test("every pod keeps to the restricted policy", () => {
  assert.ok(all.length > 20);
  all.forEach((pod) => assert.deepEqual(violations(pod), [], pod.name));
});

test("the check of the policy finds what breaks it", () => {
  const pod = structuredClone(all[0]);
  pod.spec.hostNetwork = true;
  pod.spec.volumes.push({ name: "host", hostPath: { path: "/" } });
  pod.spec.securityContext.runAsNonRoot = false;
  delete pod.spec.securityContext.seccompProfile;
  delete pod.spec.containers[0].securityContext;
  assert.deepEqual(violations(pod), [
    "hostNetwork",
    "volume host",
    "hub allowPrivilegeEscalation",
    "hub runAsNonRoot",
    "hub seccompProfile",
    "hub capabilities.drop",
  ]);
});

test("every container of the chart's own has a read-only root file system", () => {
  for (const pod of all) {
    containers(pod)
      .filter(({ name }) => ["hub", "publish", "tail"].includes(name))
      .forEach((container) => assert.equal(container.securityContext.readOnlyRootFilesystem, true, pod.name));
  }
});

test("no pod has a token, nor variables made of Services", () => {
  for (const { name, spec } of all) {
    assert.equal(spec.automountServiceAccountToken, false, name);
    assert.equal(spec.enableServiceLinks, false, name);
  }
});

test("a cluster that chooses the ids finds none set", async () => {
  const [pod] = pods((await template({ files: ["ci/openshift-values.yaml"] })).objects());
  assert.deepEqual(Object.keys(pod.spec.securityContext).sort(), [
    "fsGroupChangePolicy",
    "runAsNonRoot",
    "seccompProfile",
  ]);
});
