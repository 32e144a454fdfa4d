package dev.reactorhub.web.ws;

/**
 * Checks UTF-8 as it arrives, so that an invalid byte is refused at once even if the character
 * began in an earlier chunk or frame (RFC 3629 section 4). One thread; reusable after a complete
 * text.
 */
final class Utf8Validator {
  /** Continuation bytes still to come for the current character. */
  private int needed;

  /** The range of the next continuation byte: narrower after E0, ED, F0 and F4. */
  private int lower = 0x80;

  private int upper = 0xBF;

  /** Takes the next bytes; false if no continuation could make them valid. */
  boolean accept(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      int b = bytes[i];
      if (needed == 0) {
        if (b < 0 && !beginsCharacter(b & 0xFF)) {
          return false;
        }
      } else {
        b &= 0xFF;
        if (b < lower || b > upper) {
          return false;
        }
        lower = 0x80;
        upper = 0xBF;
        needed--;
      }
    }
    return true;
  }

  /** Whether the bytes so far end with a whole character. */
  boolean isComplete() {
    return needed == 0;
  }

  private boolean beginsCharacter(int b) {
    if (b >= 0xC2 && b <= 0xDF) {
      needed = 1;
    } else if (b >= 0xE0 && b <= 0xEF) {
      needed = 2;
      lower = b == 0xE0 ? 0xA0 : 0x80; // no overlong form
      upper = b == 0xED ? 0x9F : 0xBF; // no surrogate
    } else if (b >= 0xF0 && b <= 0xF4) {
      needed = 3;
      lower = b == 0xF0 ? 0x90 : 0x80; // no overlong form
      upper = b == 0xF4 ? 0x8F : 0xBF; // nothing above U+10FFFF
    } else {
      return false;
    }
    return true;
  }
}
