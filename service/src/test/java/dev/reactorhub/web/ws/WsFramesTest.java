package dev.reactorhub.web.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WsFramesTest {
  @ParameterizedTest
  @CsvSource({
    "0, 8100",
    "125, 817d",
    "126, 817e007e",
    "65535, 817effff",
    "65536, 817f0000000000010000"
  })
  void theLengthTakesTheShortestForm(int payloadBytes, String header) {
    byte[] frame = WsFrames.text(new byte[payloadBytes]).array();
    int headerBytes = frame.length - payloadBytes;
    assertThat(HexFormat.of().formatHex(frame, 0, headerBytes)).isEqualTo(header);
  }

  @Test
  void aLongCloseReasonIsCutBetweenCharacters() {
    ByteBuffer frame = WsFrames.close(4000, "a" + "é".repeat(100));
    assertThat(frame.remaining()).isEqualTo(2 + 2 + 123);
    ByteBuffer shorter = WsFrames.close(4000, "é".repeat(100));
    assertThat(shorter.remaining()).isEqualTo(2 + 2 + 122);
    assertThat(UTF_8.decode(shorter.position(4)).toString()).isEqualTo("é".repeat(61));
  }

  @Test
  void aSettingOutOfRangeNamesItsRule() {
    Duration second = Duration.ofSeconds(1);
    assertThatThrownBy(
            () ->
                new WsSettings(
                    1000, Duration.ofSeconds(60), Duration.ofSeconds(60), second, second))
        .hasMessage("idleMax is PT1M: must be longer than pingInterval, PT1M");
    assertThatThrownBy(
            () -> new WsSettings(1000, second, Duration.ofSeconds(2), Duration.ZERO, second))
        .hasMessage("closeTimeout is PT0S: must be positive");
  }
}
