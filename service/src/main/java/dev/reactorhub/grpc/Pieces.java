package dev.reactorhub.grpc;

import dev.reactorhub.hub.Slice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes that leave one after the other; what lies side by side in memory is one. One thread. */
final class Pieces {
  private final List<Slice> ended = new ArrayList<>();
  private int length;

  /** The end of the piece that is being gathered; null: nothing is. */
  private @Nullable Slice last;

  /** Where that piece begins in its array. */
  private int from;

  void add(Slice next) {
    if (last == null || !next.follows(last)) {
      endPiece();
      from = next.offset();
    }
    last = next;
    length += next.length();
  }

  /** Bytes. */
  int length() {
    return length;
  }

  /** All that was added. */
  List<Slice> all() {
    endPiece();
    return ended;
  }

  private void endPiece() {
    if (last != null) {
      ended.add(new Slice(last.array(), from, last.end() - from));
      last = null;
    }
  }
}
