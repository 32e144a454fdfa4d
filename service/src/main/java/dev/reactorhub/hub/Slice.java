package dev.reactorhub.hub;

/** A part of an array that others may hold other parts of: read only. */
public final class Slice {
  private final byte[] array;
  private final int offset;
  private final int length;

  /** The bytes from an offset on, so many. */
  public Slice(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** All of an array. */
  public static Slice of(byte[] array) {
    return new Slice(array, 0, array.length);
  }

  /** What holds it. */
  public byte[] array() {
    return array;
  }

  /** Where it begins. */
  public int offset() {
    return offset;
  }

  /** Bytes. */
  public int length() {
    return length;
  }

  /** Where the next one begins. */
  public int end() {
    return offset + length;
  }

  /** Whether this begins where another ends. */
  @SuppressWarnings("ReferenceEquality") // One array.
  public boolean follows(Slice other) {
    return array == other.array && offset == other.end();
  }
}
