package dev.reactorhub.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.reactorhub.event.Position;
import dev.reactorhub.hub.EncodedEvent;
import dev.reactorhub.hub.Hub;
import dev.reactorhub.hub.Next;
import dev.reactorhub.hub.WireForm;
import dev.reactorhub.log.ReadLimit;
import dev.reactorhub.wire.ControlMessages;
import dev.reactorhub.wire.ErrorCode;
import dev.reactorhub.wire.EventBody;
import dev.reactorhub.wire.EventDraft;
import dev.reactorhub.wire.Failures;
import dev.reactorhub.wire.Filters;
import dev.reactorhub.wire.JsonText;
import dev.reactorhub.wire.Problem;
import dev.reactorhub.wire.ProblemException;
import dev.reactorhub.wire.PublishFigures;
import dev.reactorhub.wire.Publishing;
import dev.reactorhub.wire.TraceContext;
import dev.reactorhub.wire.WireLimits;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** {@code /api/v1/events}: publishing by POST, pages of history by GET. */
final class EventRoutes {
  private static final HeaderName TRACEPARENT = HeaderNames.create(TraceContext.TRACEPARENT);
  private static final int PAGE_EVENTS_DEFAULT = 100;
  private static final long PAGE_BYTES_MAX = 8L << 20;

  private final Hub hub;
  private final Publishing publishing;
  private final WireLimits limits;
  private final Leaving leaving;

  EventRoutes(Hub hub, Publishing publishing, WireLimits limits, Leaving leaving) {
    this.hub = hub;
    this.publishing = publishing.by(PublishFigures.Face.HTTP);
    this.limits = limits;
    this.leaving = leaving;
  }

  void publish(ServerRequest request, ServerResponse response) {
    if (!leaving.enter()) {
      HttpProblems.send(response, leaving.problem(), leaving.returnTime());
      return;
    }
    try {
      store(request, response);
    } finally {
      leaving.leave();
    }
  }

  private void store(ServerRequest request, ServerResponse response) {
    Map<String, String> headers = new HashMap<>();
    request.headers().forEach(header -> headers.put(header.name(), header.get()));
    EventBody body = publishing.reading(() -> EventBody.decode(headers, body(request)));
    List<Publishing.Acknowledgement> acknowledged;
    try {
      acknowledged = publishing.publish(inTrace(body.drafts(), request)).join();
    } catch (CompletionException e) {
      throw new ProblemException(Failures.problem(e));
    }
    ObjectNode answer =
        body.isArray()
            ? ControlMessages.acknowledgements(acknowledged)
            : ControlMessages.acknowledgement(acknowledged.getFirst());
    sendJson(response, JsonText.utf8(answer));
  }

  private static List<EventDraft> inTrace(List<EventDraft> drafts, ServerRequest request) {
    return TraceContext.traceparent(request.headers().value(TRACEPARENT).orElse(null))
        .map(traceparent -> drafts.stream().map(draft -> draft.inTrace(traceparent)).toList())
        .orElse(drafts);
  }

  void history(ServerRequest request, ServerResponse response) {
    StreamQuery query = new StreamQuery(request.query(), limits);
    Position after = query.after().orElse(null);
    ReadLimit limit = new ReadLimit(pageSize(query), PAGE_BYTES_MAX);
    switch (hub.history(after, query.filter(), limit)) {
      case Hub.HistoryResult.Page page -> sendJson(response, pageJson(page));
      case Hub.HistoryResult.InFuture future -> throw Filters.inFuture(future.head());
      case Hub.HistoryResult.Gone gone -> {
        Problem problem = ControlMessages.gone(gone);
        ObjectNode body = HttpProblems.body(problem);
        body.put("earliest", gone.earliest().toString());
        body.put("head", gone.head().toString());
        HttpProblems.send(response, problem, body);
      }
    }
  }

  static void sendJson(ServerResponse response, byte[] json) {
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    response.header(HeaderNames.CACHE_CONTROL, "no-store");
    response.send(json);
  }

  private byte[] body(ServerRequest request) {
    int bytesMax = limits.bodyBytesMax();
    try (InputStream in = request.content().inputStream()) {
      byte[] body = in.readNBytes(bytesMax + 1);
      if (body.length > bytesMax) {
        // Read to its end: a client that still sends would lose the answer to a reset connection.
        in.transferTo(OutputStream.nullOutputStream());
        throw new ProblemException(EarlyProblems.tooLarge(bytesMax));
      }
      return body;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int pageSize(StreamQuery query) {
    String text = query.text("limit").orElse(Integer.toString(PAGE_EVENTS_DEFAULT));
    try {
      int size = Integer.parseInt(text);
      if (size >= 1 && size <= limits.historyEventsMax()) {
        return size;
      }
    } catch (NumberFormatException e) {
      // Answered below like any other number that cannot be a page size.
    }
    throw new ProblemException(
        Problem.of(
            ErrorCode.INVALID_LIMIT,
            "\"limit\" must be a whole number from 1 to " + limits.historyEventsMax(),
            limits.historyEventsMax()));
  }

  private static byte[] pageJson(Hub.HistoryResult.Page page) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(utf8("{\"epoch\":\"" + page.head().epoch() + "\",\"events\":["));
    boolean isFirst = true;
    for (EncodedEvent event : page.events()) {
      if (!isFirst) {
        out.write(',');
      }
      isFirst = false;
      out.writeBytes(event.bytes(WireForm.JSON));
    }
    out.writeBytes(utf8("],\"next\":\"" + page.next() + "\",\"head\":\"" + page.head() + "\""));
    Next.Gap gap = page.gap();
    if (gap != null) {
      out.writeBytes(utf8(",\"gap\":" + ControlMessages.gapData(gap)));
    }
    out.write('}');
    return out.toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
