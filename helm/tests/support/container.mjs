// The hub's container as a kubelet would start it: for a test that starts it without Kubernetes.
import { hubContainer, only } from "./helm.mjs";

/**
 * What rendered objects say of the hub's container, resolved: the environment as a map, ports as numbers, the
 * security context of pod and container in one, and the files of the ConfigMap at the paths where they are mounted.
 */
export function renderedContainer(objects) {
  const pod = only(objects, "StatefulSet").spec.template.spec;
  const container = hubContainer(objects);
  const ports = Object.fromEntries(container.ports.map(({ name, containerPort }) => [name, containerPort]));
  const probe = ({ httpGet, ...times }) => ({ path: httpGet.path, port: ports[httpGet.port], ...times });
  return {
    image: container.image,
    args: container.args,
    env: Object.fromEntries(container.env.map(({ name, value }) => [name, value])),
    ports,
    securityContext: { ...pod.securityContext, ...container.securityContext },
    resources: container.resources,
    volumes: container.volumeMounts.map(({ name, mountPath, readOnly = false }) => ({ name, mountPath, readOnly })),
    files: files(objects, pod, container),
    probes: {
      startup: probe(container.startupProbe),
      liveness: probe(container.livenessProbe),
      readiness: probe(container.readinessProbe),
    },
    terminationGracePeriodSeconds: pod.terminationGracePeriodSeconds,
  };
}

function files(objects, pod, container) {
  return Object.fromEntries(
    pod.volumes
      .filter((volume) => volume.configMap)
      .flatMap(({ name, configMap }) => {
        const { mountPath } = container.volumeMounts.find((mount) => mount.name === name);
        const { data } = only(objects, "ConfigMap", configMap.name);
        return Object.entries(data).map(([file, text]) => [`${mountPath}/${file}`, text]);
      }),
  );
}
