package dev.reactorhub.app;

import dev.reactorhub.hub.HubSettings;
import dev.reactorhub.log.LogSettings;
import dev.reactorhub.web.WebSettings;
import dev.reactorhub.web.ws.WsSettings;
import dev.reactorhub.wire.WireLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

public final class Main {
  private Main() {}

  public static void main(String[] args) throws InterruptedException {
    WebSettings web =
        new WebSettings(
            "127.0.0.1",
            8080,
            "Connected to PulseAI Reactor",
            Duration.ofSeconds(25),
            List.of(),
            20_000,
            18_100,
            WireLimits.DEFAULTS,
            WsSettings.defaults());
    HubServer s =
        HubServer.start(
            new HubServerSettings(
                Path.of("data"),
                LogSettings.DEFAULTS,
                HubSettings.DEFAULTS,
                web,
                18000,
                18000,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10)));
    System.out.println("http://127.0.0.1:" + s.port());
    Thread.sleep(Long.MAX_VALUE);
  }
}
