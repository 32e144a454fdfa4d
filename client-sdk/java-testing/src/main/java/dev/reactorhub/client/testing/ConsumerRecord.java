package dev.reactorhub.client.testing;

import java.util.List;

/**
 * What a {@link FakeHub} knows of a durable consumer.
 *
 * @param name its name
 * @param position every event that it wants up to here is acknowledged
 * @param acknowledged the seqs of the events that were acknowledged, in the order in which they
 *     were
 * @param rejections what was rejected, in the order in which it was
 * @param outstanding events given out and not dealt with
 * @param parked the seqs of the events that failed too often and were put on the dead letter
 *     channel
 * @param extensions how often a client asked for more time
 * @param clients how many clients are connected under the name
 */
public record ConsumerRecord(
    String name,
    String position,
    List<Long> acknowledged,
    List<Rejection> rejections,
    int outstanding,
    List<Long> parked,
    int extensions,
    int clients) {
  /** Copies the lists. */
  public ConsumerRecord {
    acknowledged = List.copyOf(acknowledged);
    rejections = List.copyOf(rejections);
    parked = List.copyOf(parked);
  }
}
