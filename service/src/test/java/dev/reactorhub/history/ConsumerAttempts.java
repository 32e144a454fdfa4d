package dev.reactorhub.history;

import dev.reactorhub.history.ConsumptionChecker.Now;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds attempts that do not rise. Failures that a crash made the hub forget are forgiven. */
final class ConsumerAttempts {
  private final Consumption.Definition definition;
  private final List<String> violations;
  private final Map<Long, Given> newest = new HashMap<>();
  private final Map<Long, Given> rejected = new HashMap<>();

  private record Given(ConsumerStreamSeen stream, int attempt, Now at) {}

  ConsumerAttempts(Consumption.Definition definition, List<String> violations) {
    this.definition = definition;
    this.violations = violations;
  }

  /** An event is given back by a stream. */
  void rejecting(ConsumerStreamSeen stream, long seq, Now now, boolean isSurelyThere) {
    Given given = newest.get(seq);
    if (isSurelyThere && given != null && given.stream() == stream) {
      rejected.put(seq, new Given(stream, given.attempt(), now));
    }
  }

  void given(ConsumerStreamSeen stream, long seq, int attempt, Now now) {
    if (attempt < 1 || attempt > definition.limits().attemptsMax()) {
      violations.add(
          definition.name() + ": attempt " + attempt + " of " + seq + " is beyond its bounds");
    }
    Given earlier = newest.get(seq);
    if (earlier != null && isAfter(stream, earlier) && attempt < earlier.attempt()) {
      violations.add(
          definition.name()
              + ": attempt "
              + attempt
              + " of "
              + seq
              + " after "
              + earlier.attempt());
    }
    Given failed = rejected.remove(seq);
    boolean wasHeard =
        failed != null && failed.stream() == stream && failed.at().index() < stream.fence().index();
    if (failed != null && wasHeard && attempt <= failed.attempt() && isInTime(failed, now)) {
      violations.add(
          definition.name()
              + ": attempt "
              + attempt
              + " of "
              + seq
              + ", which was rejected before");
    }
    if (earlier == null || isAfter(stream, earlier)) {
      newest.put(seq, new Given(stream, attempt, now));
    }
  }

  void clear() {
    newest.clear();
    rejected.clear();
  }

  /** Nothing that was given out before could run out meanwhile, which fails another. */
  private boolean isInTime(Given failed, Now now) {
    return now.nanos() - failed.at().nanos() < definition.limits().ackDeadline().toNanos() / 2;
  }

  private static boolean isAfter(ConsumerStreamSeen stream, Given earlier) {
    return stream == earlier.stream() || earlier.at().index() < stream.fence().index();
  }
}
