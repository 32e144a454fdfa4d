/** A program that depends on the client's module alone. */
module example {
  requires dev.reactorhub.client;
}
