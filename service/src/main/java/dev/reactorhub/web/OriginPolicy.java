package dev.reactorhub.web;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which pages may use the hub: those it serves itself (same host and port) and those of the listed
 * origins (RFC 6454). A request without {@code Origin} does not come from a page and passes.
 */
final class OriginPolicy {
  private static final String ANY = "*";

  private final Set<String> allowed;

  OriginPolicy(List<String> allowedOrigins) {
    this.allowed =
        allowedOrigins.stream().map(o -> o.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  /** True when the page may use the hub. */
  boolean allows(Headers headers) {
    Optional<String> origin = headers.first(HeaderNames.ORIGIN);
    return origin.isEmpty() || isListed(origin.get()) || isSameHost(origin.get(), headers);
  }

  /**
   * The origin of a request from another host's page that may use the hub: CORS headers are due.
   */
  Optional<String> crossOrigin(Headers headers) {
    return headers.first(HeaderNames.ORIGIN).filter(this::isListed);
  }

  private boolean isListed(String origin) {
    return allowed.contains(ANY) || allowed.contains(origin.toLowerCase(Locale.ROOT));
  }

  private static boolean isSameHost(String origin, Headers headers) {
    Optional<String> host = headers.first(HeaderNames.HOST);
    if (host.isEmpty()) {
      return false;
    }
    try {
      URI page = new URI(origin);
      String authority = page.getRawAuthority();
      return authority != null
          && withPort(authority, page.getScheme())
              .equalsIgnoreCase(withPort(host.get(), page.getScheme()));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static String withPort(String authority, String scheme) {
    boolean hasPort = authority.lastIndexOf(':') > authority.lastIndexOf(']');
    return hasPort ? authority : authority + ("https".equals(scheme) ? ":443" : ":80");
  }
}
