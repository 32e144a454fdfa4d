package dev.reactorhub.client.examples;

import dev.reactorhub.client.ReactorClient;
import java.util.Map;

/** A part of a program that is tested with the fake hub. */
final class Greeter {
  private final ReactorClient client;

  Greeter(ReactorClient client) {
    this.client = client;
  }

  void greet(String name) {
    var unused = client.emit("greeted", Map.of("name", name));
  }
}
