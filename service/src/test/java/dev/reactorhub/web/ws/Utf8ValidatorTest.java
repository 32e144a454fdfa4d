package dev.reactorhub.web.ws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class Utf8ValidatorTest {
  /** Bytes at the borders of every rule of RFC 3629, so that random choices meet them often. */
  private static final int[] BORDERS = {
    0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED,
    0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
  };

  @Test
  void everyCodePointIsAcceptedByteByByte() {
    Utf8Validator validator = new Utf8Validator();
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        byte[] bytes = Character.toString(point).getBytes(UTF_8);
        for (int i = 0; i < bytes.length; i++) {
          assertThat(validator.isComplete()).isEqualTo(i == 0);
          assertThat(validator.accept(bytes, i, i + 1)).isTrue();
        }
      }
    }
    assertThat(validator.isComplete()).isTrue();
  }

  @Test
  void itAgreesWithTheDecoderOfTheJdkHoweverTheBytesAreSplit() {
    Random random = new Random(20_261_123);
    for (int round = 0; round < 200_000; round++) {
      byte[] bytes = new byte[1 + random.nextInt(6)];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) BORDERS[random.nextInt(BORDERS.length)];
      }
      int split = random.nextInt(bytes.length + 1);
      Utf8Validator validator = new Utf8Validator();
      boolean valid =
          validator.accept(bytes, 0, split)
              && validator.accept(bytes, split, bytes.length)
              && validator.isComplete();
      assertThat(valid).isEqualTo(isDecodable(bytes));
    }
  }

  private static boolean isDecodable(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
