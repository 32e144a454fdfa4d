package dev.reactorhub.web;

import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Optional;

/**
 * Refuses requests from pages of other origins unless they are listed, and answers listed ones as
 * CORS asks (WHATWG Fetch, section 3.3).
 */
final class OriginFilter implements Filter {
  private static final String ALLOWED_HEADERS =
      "Content-Type, Last-Event-ID, ce-specversion, ce-id, ce-type, ce-source, ce-subject, ce-time,"
          + " ce-traceparent, traceparent";
  private static final String PREFLIGHT_SECONDS = "600";

  private final OriginPolicy origins;

  OriginFilter(OriginPolicy origins) {
    this.origins = origins;
  }

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    if (!origins.allows(request.headers())) {
      HttpProblems.send(
          response,
          Problem.of(
              ErrorCode.ORIGIN_NOT_ALLOWED,
              "this page's origin may not use the hub; see web.allowed-origins"));
      return;
    }
    Optional<String> crossOrigin = origins.crossOrigin(request.headers());
    if (crossOrigin.isPresent()) {
      response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, crossOrigin.get());
      response.header(HeaderNames.VARY, "Origin");
      if (isPreflight(request)) {
        response.header(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        response.header(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
        response.header(HeaderNames.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
        response.status(Status.NO_CONTENT_204).send();
        return;
      }
    }
    chain.proceed();
  }

  private static boolean isPreflight(RoutingRequest request) {
    return request.prologue().method().equals(Method.OPTIONS)
        && request.headers().contains(HeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
  }
}
