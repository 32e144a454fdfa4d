package dev.reactorhub.client;

import static dev.reactorhub.client.Clients.clientOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.reactorhub.client.testing.FakeHub;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code on}, {@code off} and {@code emit}, as the other clients of the Reactor have them. */
@Timeout(30)
final class ReactorApiTest {
  private final FakeHub hub = FakeHub.start();
  private final ReactorClient client = clientOf(hub).build();
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    client.close();
    hub.close();
  }

  @Test
  void whatIsEmittedComesBackToThoseThatListen() {
    client.on("news_processed", event -> heard.add(event.dataJson())).established().join();

    client.emit("news_processed", Map.of("title", "Hello"));
    client.emit("user_action", Map.of());

    await().until(() -> !heard.isEmpty());
    assertThat(heard).containsExactly("{\"title\":\"Hello\"}");
    assertThat(hub.published()).extracting(event -> event.type()).contains("user_action");
  }

  @Test
  void aStarHearsEveryTypeAfterThoseThatNamedIt() {
    client.on("*", event -> heard.add("any " + event.type()));
    client.on("a", event -> heard.add("a")).established().join();

    client.emit("a", "{}");
    client.emit("b", "{}");

    await().until(() -> heard.size() == 3);
    assertThat(heard).containsExactly("a", "any a", "any b");
  }

  @Test
  void offWithoutAHandlerRemovesAllOfTheType() {
    client.on("a", event -> heard.add("first"));
    client.on("a", event -> heard.add("second"));
    client.on("b", event -> heard.add("b")).established().join();

    assertThat(client.off("a")).isTrue();
    assertThat(client.off("a")).isFalse();
    client.emit("a", "{}");
    client.emit("b", "{}");

    await().until(() -> heard.equals(List.of("b")));
  }

  @Test
  void dataIsWrittenAsJson() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("text", "a \"b\" \\ \n \u0001 ä \ud83d\ude00 \ud83d");
    data.put("numbers", Arrays.asList(1, -2L, 1.5, new BigDecimal("1E+3"), null));
    data.put("nested", Map.of("yes", true));
    data.put("empty", List.of());

    client.emit("a", data);

    assertThat(hub.events().get(0).dataJson())
        .isEqualTo(
            "{\"text\":\"a \\\"b\\\" \\\\ \\u000a \\u0001 ä \\ud83d\\ude00 \\ud83d\","
                + "\"numbers\":[1,-2,1.5,1E+3,null],\"nested\":{\"yes\":true},\"empty\":[]}");
  }

  @Test
  void whatJsonCannotSayIsRefused() {
    Map<String, Object> endless = new HashMap<>();
    endless.put("self", endless);

    assertThatThrownBy(() -> client.emit("a", endless))
        .hasMessage("data is deeper than 100 levels");
    assertThatThrownBy(() -> client.emit("a", Map.of("n", Double.NaN)))
        .hasMessage("data holds NaN: JSON has no such number");
    assertThatThrownBy(() -> client.emit("a", Map.of("n", new Object())))
        .hasMessageStartingWith("data holds a java.lang.Object: must be maps");
  }
}
