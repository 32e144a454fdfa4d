package dev.reactorhub.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A volume for the log of containers, empty at first; removed with all it holds in the end. */
record ContainerVolume(String name) implements AutoCloseable {
  static ContainerVolume create() throws IOException, InterruptedException {
    return new ContainerVolume(Container.podman("volume", "create"));
  }

  /** The options that mount it where the image has the log. */
  List<String> mounted() {
    return List.of("--volume", name + ":/data");
  }

  @Override
  public void close() {
    try {
      Container.podman("volume", "rm", "--force", name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
