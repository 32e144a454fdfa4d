package dev.reactorhub.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class FrameCounterTest {
  private static final String TEXT = "{\"a\":1";

  /** Seven frames, of which three begin with the text, of each way to write a length. */
  private static byte[] frames() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    frame(out, TEXT);
    frame(out, "");
    frame(out, TEXT + "x".repeat(200));
    frame(out, "{\"a\"");
    frame(out, "y".repeat(300) + TEXT);
    frame(out, TEXT + TEXT + "z".repeat(70_000));
    frame(out, "{\"a\":2}");
    return out.toByteArray();
  }

  private static void frame(ByteArrayOutputStream out, String payload) {
    ByteBuffer head = ByteBuffer.allocate(10).put((byte) 0x81);
    int length = payload.length();
    if (length < 126) {
      head.put((byte) length);
    } else if (length < 65_536) {
      head.put((byte) 126).putShort((short) length);
    } else {
      head.put((byte) 127).putLong(length);
    }
    out.write(head.array(), 0, head.position());
    out.writeBytes(payload.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void theFramesThatBeginWithTheTextAreCounted() {
    FrameCounter counter = new FrameCounter(TEXT);

    counter.read(ByteBuffer.wrap(frames()));

    assertThat(counter.count()).isEqualTo(3);
  }

  @Test
  void theCountIsTheSameWhateverPiecesTheBytesComeIn() {
    byte[] frames = frames();
    for (int size = 1; size <= 20; size++) {
      FrameCounter counter = new FrameCounter(TEXT);
      for (int at = 0; at < frames.length; at += size) {
        counter.read(ByteBuffer.wrap(frames, at, Math.min(size, frames.length - at)));
      }
      assertThat(counter.count()).as("pieces of %d bytes", size).isEqualTo(3);
    }
  }
}
