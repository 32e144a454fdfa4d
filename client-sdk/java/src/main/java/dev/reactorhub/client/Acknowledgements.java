package dev.reactorhub.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a consumer has dealt with and the hub has not confirmed: it is said in few frames, and said
 * again, without calling the handler, when the hub gives such an event out once more because a
 * connection broke in between. Guarded by the lock of the consumer.
 */
final class Acknowledgements {
  /** Said at once when so many have come together. */
  static final int BATCH = 100;

  /** More than can be outstanding; what is forgotten beyond it may be handled twice. */
  private static final int DONE_MAX = 100_000;

  /** Position to seq of what was dealt with and is not confirmed, oldest first. */
  private final Map<String, Long> done = new LinkedHashMap<>();

  private final List<Long> unsaid = new ArrayList<>();
  private final List<String> unsaidPositions = new ArrayList<>();

  /** The frames said on the present call, oldest first. */
  private final ArrayDeque<Said> said = new ArrayDeque<>();

  private long newestRef;

  private record Said(long ref, List<String> positions) {}

  /** The event was dealt with; to be said on the call it came by, unless that is over. */
  void add(Event event, boolean isSayable) {
    done.put(event.position(), event.seq());
    if (done.size() > DONE_MAX) {
      Iterator<String> oldest = done.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    if (isSayable) {
      unsaid.add(event.seq());
      unsaidPositions.add(event.position());
    }
  }

  boolean isDone(Event event) {
    return done.containsKey(event.position());
  }

  int unsaid() {
    return unsaid.size();
  }

  /** Says what was not said yet. */
  void say(ConsumeCall call) {
    if (!unsaid.isEmpty()) {
      var unused = sayWithMark(call);
    }
  }

  /**
   * The same, in a frame of its own even if there is nothing to say.
   *
   * @return the number of the frame, which the hub confirms
   */
  long sayWithMark(ConsumeCall call) {
    newestRef++;
    call.acknowledge(unsaid, newestRef);
    said.add(new Said(newestRef, List.copyOf(unsaidPositions)));
    unsaid.clear();
    unsaidPositions.clear();
    return newestRef;
  }

  /** The hub has this frame and those before it. */
  void confirmed(long ref) {
    Said oldest = said.peek();
    while (oldest != null && oldest.ref() <= ref) {
      said.remove();
      oldest.positions().forEach(done::remove);
      oldest = said.peek();
    }
  }

  /** Everything up to here is acknowledged: what is older is not given out again. */
  void passed(String position) {
    long seq = seqOf(position);
    String epoch = epochOf(position);
    done.entrySet()
        .removeIf(entry -> entry.getValue() <= seq && epochOf(entry.getKey()).equals(epoch));
  }

  /** The call is over: what was said on it and not confirmed may come again. */
  void callEnded() {
    unsaid.clear();
    unsaidPositions.clear();
    said.clear();
  }

  /** Whatever comes again is wanted again. */
  void forget() {
    callEnded();
    done.clear();
  }

  /** Whether a position is before another one of the same log. */
  static boolean isBefore(String position, String other) {
    return epochOf(position).equals(epochOf(other)) && seqOf(position) < seqOf(other);
  }

  private static String epochOf(String position) {
    return position.substring(0, Math.max(0, position.lastIndexOf('.')));
  }

  private static long seqOf(String position) {
    try {
      return Long.parseLong(position.substring(position.lastIndexOf('.') + 1));
    } catch (NumberFormatException e) {
      // A position of a later hub: nothing is known to be passed.
      return -1;
    }
  }
}
