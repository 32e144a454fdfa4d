package dev.reactorhub.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.reactorhub.workload.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The hub's container as the chart has it, and what a kubelet makes of it: the file that {@code
 * HUB_TEST_CONTAINER} names, written by {@code helm/tests/rendered-container.mjs}.
 */
final class RenderedContainer {
  private final JsonNode spec;

  private RenderedContainer(JsonNode spec) {
    this.spec = spec;
  }

  /**
   * A probe over HTTP.
   *
   * @param failuresMax so many in a row, a period apart, and it has failed
   */
  record Probe(String path, Duration period, Duration answerMax, int failuresMax) {
    /** How long the kubelet waits for it to succeed. */
    Duration patience() {
      return period.multipliedBy(failuresMax);
    }

    /** Asks once. Kubernetes takes 200 to 399 for success. */
    boolean succeeds(Container container) {
      int status = container.status(path, answerMax);
      return status >= 200 && status < 400;
    }
  }

  static RenderedContainer read() throws IOException {
    String file = System.getenv("HUB_TEST_CONTAINER");
    if (file == null) {
      throw new IllegalStateException("HUB_TEST_CONTAINER is not set: run ./hub test image");
    }
    return new RenderedContainer(new ObjectMapper().readTree(Path.of(file).toFile()));
  }

  /** The probe of this name: startup, liveness or readiness. */
  Probe probe(String name) {
    JsonNode probe = spec.required("probes").required(name);
    if (probe.required("port").asInt() != endpoint().port()) {
      throw new AssertionError(probe + " does not ask " + endpoint());
    }
    return new Probe(
        probe.required("path").asText(),
        Duration.ofSeconds(probe.required("periodSeconds").asInt()),
        Duration.ofSeconds(probe.required("timeoutSeconds").asInt()),
        probe.required("failureThreshold").asInt());
  }

  Endpoint endpoint() {
    JsonNode ports = spec.required("ports");
    return new Endpoint(ports.required("http").asInt(), ports.required("grpc").asInt());
  }

  int graceSeconds() {
    return spec.required("terminationGracePeriodSeconds").asInt();
  }

  int memoryMebibytes() {
    String limit = spec.at("/resources/limits/memory").asText();
    int size = Integer.parseInt(limit.replaceAll("\\D", ""));
    return limit.endsWith("Gi") ? size << 10 : size;
  }

  /**
   * Starts it.
   *
   * @param volumes where the volumes are, by name; made when missing, kept for the next start
   */
  Container start(Path volumes) throws IOException, InterruptedException {
    List<String> options = new ArrayList<>();
    spec.required("env")
        .properties()
        .forEach(each -> options.add("--env=" + each.getKey() + "=" + each.getValue().asText()));
    JsonNode security = spec.required("securityContext");
    int group = security.required("fsGroup").asInt();
    options.add(
        "--user="
            + security.required("runAsUser").asInt()
            + ":"
            + security.required("runAsGroup").asInt());
    options.add("--group-add=" + group);
    options.add("--read-only=" + security.required("readOnlyRootFilesystem").asBoolean());
    options.add("--read-only-tmpfs=false");
    security
        .at("/capabilities/drop")
        .forEach(capability -> options.add("--cap-drop=" + capability.asText()));
    if (!security.required("allowPrivilegeEscalation").asBoolean()) {
      options.add("--security-opt=no-new-privileges");
    }
    options.add("--memory=" + memoryMebibytes() + "m");
    for (JsonNode volume : spec.required("volumes")) {
      options.add(mount(volumes, volume, group));
    }
    List<String> args = new ArrayList<>();
    spec.required("args").forEach(arg -> args.add(arg.asText()));
    return Container.startAsItIs(endpoint(), options, args.toArray(String[]::new));
  }

  private String mount(Path volumes, JsonNode volume, int group) throws IOException {
    String target = volume.required("mountPath").asText();
    Path source = Files.createDirectories(volumes.resolve(volume.required("name").asText()));
    // As fsGroup makes it: root's, and writable for the group.
    Files.setAttribute(source, "unix:gid", group);
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxrwx---"));
    for (var file : spec.required("files").properties()) {
      if (Path.of(target).equals(Path.of(file.getKey()).getParent())) {
        Path made = source.resolve(Path.of(file.getKey()).getFileName());
        Files.writeString(made, file.getValue().asText());
        Files.setAttribute(made, "unix:gid", group);
      }
    }
    String access = volume.required("readOnly").asBoolean() ? ":ro" : ":rw";
    return "--volume=" + source + ":" + target + access;
  }
}
