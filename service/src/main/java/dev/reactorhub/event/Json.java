package dev.reactorhub.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One JSON value as UTF-8 bytes, validated by whoever made it (see {@code wire.JsonText}). Shared,
 * never written: the array handed in belongs to this value from then on.
 */
public final class Json {
  /** The empty object. */
  public static final Json EMPTY_OBJECT = ofValidated("{}".getBytes(StandardCharsets.UTF_8));

  private final byte[] utf8;

  private Json(byte[] utf8) {
    this.utf8 = utf8;
  }

  /** Takes bytes that are known to be one JSON value without line breaks; keeps the array. */
  public static Json ofValidated(byte[] utf8) {
    return new Json(utf8);
  }

  /** The shared bytes: read only. */
  public byte[] utf8() {
    return utf8;
  }

  /** The length in bytes. */
  public int sizeBytes() {
    return utf8.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Json json && Arrays.equals(utf8, json.utf8);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(utf8);
  }

  @Override
  public String toString() {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
