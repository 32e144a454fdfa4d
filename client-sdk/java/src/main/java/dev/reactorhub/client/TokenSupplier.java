package dev.reactorhub.client;

/** Hands out the bearer token that a call carries; see {@link ReactorClientBuilder#credentials}. */
@FunctionalInterface
public interface TokenSupplier {
  /**
   * The token for one call. Asked once for each attempt of each call, on threads of the client,
   * possibly on several at a time; it may block, and should keep a token as long as it is valid.
   *
   * @return the token, without the word {@code Bearer}; printable ASCII
   * @throws Exception if there is none: the attempt fails as {@link ReactorException.Unavailable}
   *     and is made again like any other
   */
  String token() throws Exception;
}
