package dev.reactorhub.bench.load;

/** Publishes so many events of 128 bytes. */
final class Backlog {
  private static final String PADDING = "x".repeat(112);

  private Backlog() {}

  public static void main(String[] arguments) throws Exception {
    try (PublishStream stream = new PublishStream(1000)) {
      for (int i = Integer.parseInt(arguments[0]); i > 0; i--) {
        stream.publish("bench", "default", PADDING);
      }
      stream.flush();
    }
  }
}
