package dev.reactorhub.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads lines as bytes, each bounded: a file without line ends must not fill the memory. */
final class LineReader {
  /** More than the largest event that any setting allows. */
  static final int LINE_BYTES_MAX = 72 << 20;

  private static final int BUFFER_BYTES = 64 << 10;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private long number;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** The number of the line read last, from 1. */
  long number() {
    return number;
  }

  /**
   * The next line without its end; empty after the last one.
   *
   * @throws IOException also when the line is too long
   */
  Optional<byte[]> next() throws IOException {
    if (at == end && !fill()) {
      return Optional.empty();
    }
    number++;
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    do {
      int start = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      line.write(buffer, start, at - start);
      if (line.size() > LINE_BYTES_MAX) {
        throw new IOException("it is longer than " + LINE_BYTES_MAX + " bytes");
      }
      if (at < end) {
        at++; // The line's end.
        break;
      }
    } while (fill());
    return Optional.of(line.toByteArray());
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer));
    return end > 0;
  }
}
