package dev.reactorhub.bench.load;

/** Publishes events of 128 bytes, so many, on a channel and with a type of the same name. */
final class Backlog {
  private static final String PADDING = "x".repeat(112);

  private Backlog() {}

  public static void main(String[] arguments) throws Exception {
    try (PublishStream stream = new PublishStream(1000)) {
      for (int i = Integer.parseInt(arguments[1]); i > 0; i--) {
        stream.publish(arguments[0], arguments[0], PADDING);
      }
      stream.flush();
    }
  }
}
