package dev.reactorhub.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.util.Durations;
import dev.reactorhub.event.Position;
import dev.reactorhub.history.Subscriber;
import dev.reactorhub.stream.WebSocketClient;
import dev.reactorhub.v1.Filter;
import dev.reactorhub.v1.HubServiceGrpc;
import dev.reactorhub.v1.Start;
import dev.reactorhub.v1.SubscribeRequest;
import dev.reactorhub.v1.SubscribeResponse;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A way of following the log. */
enum ReadingFace {
  WEB_SOCKET {
    @Override
    void follow(Connection to) throws Broken {
      String query = to.interest().query() + "&after=" + to.subscriber().position();
      try (WebSocketClient client =
          WebSocketClient.open(to.http(), to.endpoint().webSocket(query))) {
        JsonNode greeting = Wire.parse(client.next());
        String epoch = greeting.get("data").get("epoch").textValue();
        to.hearing().greeted();
        while (!to.isDone()) {
          take(to, Wire.parse(client.next()), epoch);
        }
      } catch (UncheckedIOException e) {
        throw new Broken(e);
      }
    }
  },

  SSE {
    @Override
    void follow(Connection to) throws Broken {
      HttpRequest request =
          HttpRequest.newBuilder(to.endpoint().http("/api/v1/stream" + to.interest().query()))
              .header("Last-Event-ID", to.subscriber().position().toString())
              .build();
      try (Stream<String> lines = accepted(to.http(), request).body()) {
        to.hearing().greeted();
        Iterator<String> each = lines.iterator();
        String id = "";
        String data = "";
        while (!to.isDone() && each.hasNext()) {
          String line = each.next();
          if (line.startsWith("id: ")) {
            id = line.substring(4);
          } else if (line.startsWith("data: ")) {
            data = line.substring(6);
          } else if (line.isEmpty()) {
            // Only a blank line makes a message of what came: the rest may have been cut.
            take(to, id, data);
            id = "";
            data = "";
          }
        }
      } catch (IOException | UncheckedIOException e) {
        throw new Broken(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Broken(e);
      }
    }
  },

  GRPC {
    @Override
    void follow(Connection to) throws Broken {
      ManagedChannel channel = to.endpoint().grpc();
      try {
        Iterator<SubscribeResponse> responses =
            HubServiceGrpc.newBlockingStub(channel).subscribe(request(to));
        boolean isGreeted = false;
        while (!to.isDone() && responses.hasNext()) {
          SubscribeResponse response = responses.next();
          if (!isGreeted) {
            to.hearing().greeted();
            isGreeted = true;
          }
          take(to, response);
        }
      } catch (StatusRuntimeException e) {
        throw new Broken(e);
      } finally {
        channel.shutdownNow();
      }
    }
  };

  /**
   * What to follow.
   *
   * @param isStillThere asked before a message counts
   * @param hearing told of what is neither an event nor a position
   * @param done asked after each message
   */
  record Connection(
      HttpClient http,
      Endpoint endpoint,
      BooleanSupplier isStillThere,
      Interest interest,
      Subscriber subscriber,
      Hearing hearing,
      BooleanSupplier done) {
    boolean isDone() {
      return done.getAsBoolean();
    }

    void requireStillThere() throws Broken {
      if (!isStillThere.getAsBoolean()) {
        throw new Broken("the hub was cut off before this message was looked at");
      }
    }
  }

  /** What a connection says of itself. On the thread that follows. */
  interface Hearing {
    /** Does nothing. */
    Hearing NONE =
        new Hearing() {
          @Override
          public void greeted() {}

          @Override
          public void goingAway(Position position, Duration returnAfter) {}
        };

    /** The hub has accepted. */
    void greeted();

    /** The hub goes: everything up to the position was delivered. */
    void goingAway(Position position, Duration returnAfter);
  }

  private static HttpResponse<Stream<String>> accepted(HttpClient http, HttpRequest request)
      throws Broken, IOException, InterruptedException {
    HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
    if (response.statusCode() != 200) {
      response.body().close();
      throw new Broken("refused with " + response.statusCode());
    }
    return response;
  }

  /** Writes down what comes, until it is done or the hub ends the connection. */
  abstract void follow(Connection to) throws Broken;

  private static void take(Connection to, String id, String data) throws Broken {
    if (!data.isEmpty()) {
      take(to, Wire.parse(data), Wire.position(id).epoch().value());
    } else if (!id.isEmpty()) {
      to.requireStillThere();
      to.subscriber().movedTo(Wire.position(id));
    }
  }

  private static void take(Connection to, JsonNode message, String epoch) throws Broken {
    to.requireStillThere();
    Subscriber subscriber = to.subscriber();
    if (message.has("seq")) {
      Position position = Wire.position(epoch + "." + message.get("seq").longValue());
      subscriber.delivered(position, Wire.content(message));
      return;
    }
    JsonNode data = message.get("data");
    switch (message.get("type").textValue()) {
      case "reactor_caught_up", "reactor_position" ->
          subscriber.movedTo(Wire.position(data.get("position").textValue()));
      case "reactor_gap" ->
          subscriber.gap(
              Wire.position(data.get("from").textValue()),
              Wire.position(data.get("to").textValue()));
      case "reactor_going_away" ->
          to.hearing()
              .goingAway(
                  Wire.position(data.get("position").textValue()),
                  Duration.ofMillis(data.get("reconnect_after_ms").longValue()));
      case "reactor_lagging" -> {}
      default -> throw new AssertionError("not expected: " + message);
    }
  }

  private static SubscribeRequest request(Connection to) {
    return SubscribeRequest.newBuilder()
        .setFilter(
            Filter.newBuilder()
                .addAllChannels(to.interest().channels())
                .addAllTypes(to.interest().types()))
        .setStart(Start.newBuilder().setAfter(to.subscriber().position().toString()))
        .build();
  }

  private static void take(Connection to, SubscribeResponse response) throws Broken {
    to.requireStillThere();
    Subscriber subscriber = to.subscriber();
    switch (response.getFrameCase()) {
      case BATCH ->
          response
              .getBatch()
              .getEventsList()
              .forEach(
                  event ->
                      subscriber.delivered(
                          Wire.position(event.getPosition()), Wire.content(event)));
      case CAUGHT_UP -> subscriber.movedTo(Wire.position(response.getCaughtUp().getPosition()));
      case HEARTBEAT -> subscriber.movedTo(Wire.position(response.getHeartbeat().getPosition()));
      case GAP ->
          subscriber.gap(
              Wire.position(response.getGap().getFrom()), Wire.position(response.getGap().getTo()));
      case GOING_AWAY ->
          to.hearing()
              .goingAway(
                  Wire.position(response.getGoingAway().getPosition()),
                  Duration.ofNanos(Durations.toNanos(response.getGoingAway().getReconnectAfter())));
      case LAGGING -> {}
      case FRAME_NOT_SET -> throw new AssertionError("not expected: " + response);
    }
  }
}
