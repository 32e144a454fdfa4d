package dev.reactorhub.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.stream.WebSocketClient;
import dev.reactorhub.web.WebFixture.Options;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What existing frontends speak on {@code /ws/stream}, to the byte, and what was added. */
final class StreamContractTest {
  @Test
  void theFirstFrameIsTheGreeting() {
    try (WebFixture f = new WebFixture()) {
      f.publish("default", "a");

      assertThat(f.connect("").next())
          .isEqualTo(
              "{\"type\":\"reactor_connected\",\"data\":{\"message\":\"Connected to PulseAI"
                  + " Reactor\",\"client_id\":1,\"timestamp\":1769860800.000,\"epoch\":\""
                  + f.epoch()
                  + "\",\"position\":\""
                  + f.position(1)
                  + "\"}}");
    }
  }

  @Test
  void bareTextsAreAnsweredAsEver() {
    try (WebFixture f = new WebFixture()) {
      WebSocketClient client = greeted(f, "");

      assertThat(client.ask("ping")).isEqualTo("pong");
      assertThat(client.ask("hello \"you\""))
          .isEqualTo("{\"type\":\"echo\",\"data\":{\"message\":\"hello \\\"you\\\"\"}}");
      assertThat(client.ask("subscribe:news_processed,digest_created"))
          .startsWith(
              "{\"type\":\"reactor_subscribed\",\"data\":{\"events\":[\"news_processed\",\"digest_created\"],\"message\":\"");
      assertThat(
              client.ask(
                  "{\"type\":\"subscribe\",\"data\":\"news_processed,digest_created\",\"timestamp\":1734600000000}"))
          .startsWith(
              "{\"type\":\"reactor_subscribed\",\"data\":{\"events\":[\"news_processed\",\"digest_created\"],\"message\":\"");
      assertThat(client.ask("{\"type\":\"subscribe\",\"data\":[\"news_processed\"]}"))
          .startsWith(
              "{\"type\":\"reactor_subscribed\",\"data\":{\"events\":[\"news_processed\"],");
      assertThat(client.ask("unsubscribe:news_processed"))
          .startsWith(
              "{\"type\":\"reactor_unsubscribed\",\"data\":{\"events\":[\"news_processed\"],");
      assertThat(client.ask("{\"type\":\"unsubscribe\",\"data\":\"digest_created\"}"))
          .startsWith(
              "{\"type\":\"reactor_unsubscribed\",\"data\":{\"events\":[\"digest_created\"],");
    }
  }

  @Test
  void anEventHasItsTypeAndDataFirstThenTheHubsFields() {
    try (WebFixture f = new WebFixture()) {
      WebSocketClient client = greeted(f, "");
      f.post(
          "application/json", "{\"data\":{\"n\": 1.10,\n\"b\":[]},\"type\":\"x\",\"id\":\"i1\"}");

      assertThat(client.next())
          .isEqualTo(
              "{\"type\":\"x\",\"data\":{\"n\": 1.10,\"b\":[]},\"id\":\"i1\",\"seq\":2,"
                  + "\"channel\":\"default\",\"source\":\"system\",\"timestamp\":\"2026-01-31T12:00:00Z\"}");
    }
  }

  @Test
  void aClientGetsEveryEventOfTheDefaultChannelUntilItNarrows() {
    try (WebFixture f = new WebFixture()) {
      WebSocketClient client = greeted(f, "");
      long first = f.publish("default", "a");
      f.publish("room", "a");
      long second = f.publish("default", "b");
      assertThat(client.nextSeq()).isEqualTo(first);
      assertThat(client.nextSeq()).isEqualTo(second);

      client.ask("subscribe:b");
      f.publish("default", "a");
      long narrowed = f.publish("default", "b");
      assertThat(client.nextSeq()).isEqualTo(narrowed);
    }
  }

  @Test
  void anEmptyListOfTypesAsksForNoneAndAnUnsubscribedTypeIsLeftOut() {
    try (WebFixture f = new WebFixture()) {
      WebSocketClient none = greeted(f, "?types=");
      WebSocketClient allButNoise = greeted(f, "");
      allButNoise.ask("unsubscribe:noise");
      f.publish("default", "noise");
      long wanted = f.publish("default", "a");

      assertThat(allButNoise.nextSeq()).isEqualTo(wanted);
      assertThat(none.ask("ping")).isEqualTo("pong");
      none.ask("subscribe:b");
      long later = f.publish("default", "b");
      assertThat(none.nextSeq()).isEqualTo(later);
    }
  }

  @Test
  void joiningARoomBringsItsEventsAsWell() {
    try (WebFixture f = new WebFixture()) {
      WebSocketClient client = greeted(f, "");
      client.ask("{\"type\":\"subscribe\",\"channels\":[\"news.*\"]}");
      long inRoom = f.publish("news.eu", "a");
      f.publish("news", "a");
      long byDefault = f.publish("default", "a");
      assertThat(client.nextSeq()).isEqualTo(inRoom);
      assertThat(client.nextSeq()).isEqualTo(byDefault);

      client.ask("{\"type\":\"unsubscribe\",\"data\":{\"channels\":[\"news.*\"]}}");
      f.publish("news.eu", "a");
      long afterwards = f.publish("default", "a");
      assertThat(client.nextSeq()).isEqualTo(afterwards);
    }
  }

  @Test
  void resumingGivesExactlyWhatWasMissed() {
    try (WebFixture f = new WebFixture()) {
      for (int i = 0; i < 200; i++) {
        f.publish("default", "a");
      }
      WebSocketClient client = greeted(f, "?after=" + f.position(50));
      for (int seq = 51; seq <= 200; seq++) {
        assertThat(client.next()).contains("\"seq\":" + seq + ",");
      }
      // Its own websocket_connected, on another channel, may or may not be stored by now.
      assertThat(client.next())
          .startsWith("{\"type\":\"reactor_caught_up\",\"data\":{\"position\":\"")
          .containsAnyOf(f.position(200), f.position(201));
    }
  }

  @Test
  void goingBackByCommandRepeatsNothing() {
    try (WebFixture f = new WebFixture()) {
      f.publish("room", "a");
      WebSocketClient client = greeted(f, "");
      long seen = f.publish("default", "a");
      assertThat(client.nextSeq()).isEqualTo(seen);
      String answer =
          client.ask(
              "{\"type\":\"subscribe\",\"data\":{\"channels\":[\"room\"],\"after\":\""
                  + f.position(0)
                  + "\"}}");

      assertThat(answer).contains("\"channels\":[\"default\",\"room\"]");
      assertThat(client.nextSeq()).isEqualTo(1);
      assertThat(client.next()).contains("reactor_caught_up");
    }
  }

  @Test
  void aGapIsToldBeforeAnythingElse() {
    try (WebFixture f = new WebFixture(Options.USUAL.withEventsKept(10))) {
      for (int i = 0; i < 100; i++) {
        f.publish("default", "a");
      }
      await().until(() -> f.log.range().earliest() > 3);
      assertThat(greeted(f, "?after=other.5").next())
          .startsWith("{\"type\":\"reactor_gap\",\"data\":{\"from\":\"other.5\",\"to\":\"")
          .endsWith("\",\"reason\":\"epoch_unknown\"}}");
      assertThat(greeted(f, "?after=" + f.position(3)).next())
          .startsWith("{\"type\":\"reactor_gap\",\"data\":{\"from\":\"" + f.position(3))
          .endsWith("\",\"reason\":\"position_expired\"}}");
    }
  }

  @Test
  void whatARuleForAChannelRemovedIsToldBeforeWhatIsLeft() {
    try (WebFixture f = new WebFixture()) {
      f.makeAHole();
      WebSocketClient brief = greeted(f, "?channels=brief.a&after=" + f.position(0));
      WebSocketClient both = greeted(f, "?channels=brief.*,default&after=" + f.position(0));
      WebSocketClient others = greeted(f, "?after=" + f.position(0));

      assertThat(brief.next()).isEqualTo(hole(f, 0, 3));
      assertThat(brief.nextSeq()).isEqualTo(5);
      assertThat(brief.nextSeq()).isEqualTo(6);
      assertThat(both.next()).isEqualTo(hole(f, 0, 1));
      for (long seq : new long[] {2, 4, 5, 6}) {
        assertThat(both.nextSeq()).isEqualTo(seq);
      }
      assertThat(others.nextSeq()).isEqualTo(2);
      assertThat(others.nextSeq()).isEqualTo(4);
      assertThat(others.next()).contains("reactor_caught_up");
    }
  }

  private static String hole(WebFixture f, long from, long to) {
    return "{\"type\":\"reactor_gap\",\"data\":{\"from\":\""
        + f.position(from)
        + "\",\"to\":\""
        + f.position(to)
        + "\",\"reason\":\"channel_retention\",\"through\":\""
        + f.position(3)
        + "\"}}";
  }

  @Test
  void aPublisherIsAcknowledgedWithThePosition() {
    try (WebFixture f = new WebFixture()) {
      WebSocketClient client = greeted(f, "?channels=nothing");
      await().until(() -> f.log.range().head() == 1); // its own websocket_connected
      String publish =
          "{\"type\":\"publish\",\"data\":{\"type\":\"a\",\"id\":\"p1\"},\"ref\":\"r1\"}";

      assertThat(client.ask(publish))
          .isEqualTo(
              "{\"type\":\"reactor_published\",\"data\":{\"id\":\"p1\",\"seq\":2,\"position\":\""
                  + f.position(2)
                  + "\",\"duplicate\":false},\"ref\":\"r1\"}");
      assertThat(client.ask(publish)).contains("\"seq\":2,").contains("\"duplicate\":true");
      assertThat(client.ask("{\"type\":\"publish\",\"data\":[{\"type\":\"a\"},{\"type\":\"b\"}]}"))
          .startsWith("{\"type\":\"reactor_published\",\"data\":{\"events\":[{");
    }
  }

  @Test
  void badCommandsAreAnsweredAndHarmNobody() {
    try (WebFixture f = new WebFixture()) {
      WebSocketClient other = greeted(f, "");
      WebSocketClient client = greeted(f, "?channels=nothing");

      assertThat(client.ask("{\"type\":")).contains("\"code\":\"malformed_json\"");
      assertThat(client.ask("[1]")).contains("\"code\":\"invalid_request\"");
      assertThat(client.ask("{\"type\":\"fly\",\"ref\":7}"))
          .contains("\"code\":\"unknown_command\"")
          .endsWith("\"ref\":7}");
      assertThat(client.ask("subscribe:")).contains("\"code\":\"invalid_request\"");
      assertThat(client.ask("subscribe:bad name")).contains("\"code\":\"invalid_name\"");
      assertThat(client.ask("{\"type\":\"subscribe\",\"after\":\"x\"}"))
          .contains("\"code\":\"invalid_position\"");
      assertThat(client.ask("{\"type\":\"subscribe\",\"after\":\"" + f.position(99) + "\"}"))
          .contains("\"code\":\"position_in_future\"");
      assertThat(client.ask("{\"type\":\"subscribe\",\"channels\":[\"a\",\"b\",\"c\",\"d\"]}"))
          .contains("\"code\":\"too_many_channels\"")
          .contains("\"limit\":4");
      assertThat(client.ask("{\"type\":\"subscribe\",\"types\":[\"a\",\"b\",\"c\",\"d\",\"e\"]}"))
          .contains("\"code\":\"too_many_types\"");
      assertThat(client.ask("{\"type\":\"publish\",\"data\":{\"type\":\"a\",\"id\":\"\\u0007\"}}"))
          .contains("\"code\":\"invalid_name\"");
      assertThat(client.ask("{\"type\":\"publish\"}")).contains("\"code\":\"invalid_request\"");

      f.publish("default", "fine");
      assertThat(other.next()).contains("\"type\":\"fine\"");
    }
  }

  @Test
  void dataOfTheLimitIsTakenAndOneByteMoreIsNot() {
    try (WebFixture f = new WebFixture()) {
      WebSocketClient client = greeted(f, "?channels=nothing");
      String letters = "x".repeat((1 << 20) - 2);

      assertThat(client.ask(publish(letters))).contains("reactor_published");
      assertThat(client.ask(publish(letters + "y")))
          .contains("\"code\":\"payload_too_large\"")
          .contains("\"limit\":1048576");
      var _ = client.socket().sendText("z".repeat(2 << 20), true);
      assertThat(client.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void aConnectionThatCannotBeServedIsToldWhyAndClosed() {
    try (WebFixture f = new WebFixture()) {
      for (String query : new String[] {"?after=nonsense", "?after=" + f.position(9)}) {
        WebSocketClient client = greeted(f, query);
        assertThat(client.next()).startsWith("{\"type\":\"reactor_error\",\"data\":{\"code\":\"");
        assertThat(client.closeCode()).isEqualTo(1008);
      }
    }
  }

  @Test
  void aPublisherFasterThanItsRateIsToldSo() {
    try (WebFixture f = new WebFixture(Options.USUAL.withPublishRate(2))) {
      WebSocketClient client = greeted(f, "?channels=nothing");
      String three =
          "{\"type\":\"publish\",\"data\":[{\"type\":\"a\"},{\"type\":\"a\"},{\"type\":\"a\"}]}";

      assertThat(client.ask(three)).contains("\"code\":\"rate_limited\"").contains("\"limit\":2");
      assertThat(client.ask("{\"type\":\"publish\",\"data\":{\"type\":\"a\"}}"))
          .contains("reactor_published");
    }
  }

  @Test
  void moreSessionsThanTheLimitAreRefusedAndPlacesBecomeFree() {
    try (WebFixture f = new WebFixture(Options.USUAL.withSessionsPerAddress(2))) {
      WebSocketClient first = greeted(f, "");
      greeted(f, "");
      assertThat(f.get("/ws/status").body()).contains("\"connected_clients\":2");
      assertThat(f.refusal()).isEqualTo(503);

      first.socket().sendClose(1000, "bye").join();
      await().until(() -> f.sessions.count() == 1);
      greeted(f, "");
    }
  }

  @Test
  void clientsThatComeAndGoAreEventsOfAChannelOfTheirOwn() {
    try (WebFixture f = new WebFixture()) {
      WebSocketClient watcher = greeted(f, "?channels=reactor.clients");
      // A watcher hears of itself.
      assertThat(watcher.next())
          .startsWith("{\"type\":\"websocket_connected\",\"data\":{\"client_id\":1}");
      WebSocketClient client = greeted(f, "");
      assertThat(watcher.next())
          .startsWith("{\"type\":\"websocket_connected\",\"data\":{\"client_id\":2}");
      client.close();
      assertThat(watcher.next())
          .startsWith("{\"type\":\"websocket_disconnected\",\"data\":{\"client_id\":2,");
    }
  }

  @Test
  void aSilentClientIsToldItsPosition() {
    try (WebFixture f = new WebFixture(Options.USUAL.withHeartbeat(Duration.ofMillis(100)))) {
      WebSocketClient client = greeted(f, "?channels=quiet");
      f.publish("default", "a");
      String expected =
          "{\"type\":\"reactor_position\",\"data\":{\"position\":\"" + f.position(2) + "\"}}";

      await().until(() -> client.next().equals(expected));
    }
  }

  private static String publish(String letters) {
    return "{\"type\":\"publish\",\"data\":{\"type\":\"a\",\"data\":\"" + letters + "\"}}";
  }

  private static WebSocketClient greeted(WebFixture f, String query) {
    WebSocketClient client = f.connect(query);
    assertThat(client.next()).startsWith("{\"type\":\"reactor_connected\"");
    return client;
  }
}
