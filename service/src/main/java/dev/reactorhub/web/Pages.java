package dev.reactorhub.web;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.staticcontent.ClasspathHandlerConfig;
import io.helidon.webserver.staticcontent.StaticContentFeature;

/** The live page at {@code /} and the browser client below {@code /static}. */
final class Pages {
  private static final HeaderName SECURITY_POLICY = HeaderNames.create("Content-Security-Policy");
  private static final HeaderName TYPE_OPTIONS = HeaderNames.create("X-Content-Type-Options");

  private Pages() {}

  static void route(HttpRouting.Builder routing) {
    routing.register("/static", resources("static"));
    routing.register("/", resources("web"));
  }

  /** Tells browsers to load nothing from elsewhere and to believe the content types. */
  static void secure(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    response.header(SECURITY_POLICY, "default-src 'self'; connect-src 'self' ws: wss:");
    response.header(TYPE_OPTIONS, "nosniff");
    chain.proceed();
  }

  private static HttpService resources(String location) {
    return StaticContentFeature.createService(
        ClasspathHandlerConfig.builder()
            .location(location)
            .welcome("index.html")
            // Read from the jar each time: the file system may be read-only.
            .temporaryStorage(storage -> storage.enabled(false))
            .build());
  }
}
