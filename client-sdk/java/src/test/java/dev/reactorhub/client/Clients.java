package dev.reactorhub.client;

import dev.reactorhub.client.testing.FakeHub;
import dev.reactorhub.client.testing.internal.ManualHub;

/** Begins clients of the tests' hubs. */
final class Clients {
  private Clients() {}

  static ReactorClientBuilder clientOf(ManualHub hub) {
    return ReactorClient.builder("127.0.0.1:" + hub.port());
  }

  static ReactorClientBuilder clientOf(FakeHub hub) {
    return ReactorClient.builder(hub.endpoint());
  }
}
