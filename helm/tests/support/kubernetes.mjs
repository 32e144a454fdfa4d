// Checks objects as an API server does with fieldValidation=Strict: types, formats, required fields, and
// no field that does not exist. The checks of known fields are those of kubernetes-models, compiled from
// the OpenAPI description of Kubernetes and the CRDs of the Gateway API and the Prometheus Operator.

const core = "kubernetes-models/_schemas/IoK8sApi";
const gateway = "@kubernetes-models/gateway-api/_schemas/IoK8sSigsGatewayApiApisV1";
const monitoring =
  "@kubernetes-models/prometheus-operator/_schemas/" +
  "ComGithubPrometheusOperatorPrometheusOperatorPkgApisMonitoringV1";

const schemas = {
  "apps/v1 StatefulSet": `${core}AppsV1StatefulSet`,
  "gateway.networking.k8s.io/v1 GRPCRoute": `${gateway}GRPCRoute`,
  "gateway.networking.k8s.io/v1 HTTPRoute": `${gateway}HTTPRoute`,
  "monitoring.coreos.com/v1 PrometheusRule": `${monitoring}PrometheusRule`,
  "monitoring.coreos.com/v1 ServiceMonitor": `${monitoring}ServiceMonitor`,
  "networking.k8s.io/v1 Ingress": `${core}NetworkingV1Ingress`,
  "networking.k8s.io/v1 NetworkPolicy": `${core}NetworkingV1NetworkPolicy`,
  "policy/v1 PodDisruptionBudget": `${core}PolicyV1PodDisruptionBudget`,
  "v1 ConfigMap": `${core}CoreV1ConfigMap`,
  "v1 Pod": `${core}CoreV1Pod`,
  "v1 Secret": `${core}CoreV1Secret`,
  "v1 Service": `${core}CoreV1Service`,
  "v1 ServiceAccount": `${core}CoreV1ServiceAccount`,
};

/** What is wrong with an object, one line each; nothing when it is sound. */
export async function problems(object) {
  const type = `${object.apiVersion} ${object.kind}`;
  if (!(type in schemas)) {
    return [`no such type: ${type}`];
  }
  // By its file: not every one of these packages lists its checks among its exports.
  const { validate } = await import(new URL(`../node_modules/${schemas[type]}.js`, import.meta.url));
  const seen = new Map();
  const isValid = validate(watched(object, "", seen));
  const wrong = isValid ? [] : validate.errors;
  return [
    ...wrong.map((error) => `${error.instancePath}: ${error.keyword} ${JSON.stringify(error.params)}`),
    ...nulls(object, ""),
    ...unknown(object, "", seen),
  ];
}

/**
 * The same value, which notes in seen each property that is read of it. A check reads every property that
 * its schema knows, so one that was never read does not exist.
 */
function watched(value, path, seen) {
  if (value === null || typeof value !== "object") {
    return value;
  }
  if (!seen.has(path)) {
    seen.set(path, new Set());
  }
  return new Proxy(value, {
    get(target, property) {
      if (typeof property === "symbol" || !Object.hasOwn(target, property)) {
        return target[property];
      }
      seen.get(path).add(property);
      return watched(target[property], `${path}/${property}`, seen);
    },
  });
}

function unknown(value, path, seen) {
  if (value === null || typeof value !== "object") {
    return [];
  }
  return Object.keys(value).flatMap((property) =>
    seen.get(path)?.has(property)
      ? unknown(value[property], `${path}/${property}`, seen)
      : [`${path}/${property}: no such field`],
  );
}

/** A null says nothing to Kubernetes: somebody meant to leave it out, or forgot the value. */
function nulls(value, path) {
  if (value === null) {
    return [`${path}: null`];
  }
  return typeof value === "object"
    ? Object.entries(value).flatMap(([property, each]) => nulls(each, `${path}/${property}`))
    : [];
}
