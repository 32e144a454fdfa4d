package dev.reactorhub.client;

import java.util.List;
import java.util.Optional;

/**
 * One page of the log.
 *
 * @param events those that match, in log order; there may be none although the log goes on
 * @param next read on after this position
 * @param head the newest position of the log when the page was read
 * @param gap tells that rules for their channels have removed matching events after the page's
 *     start; told again by each page that begins before its end
 */
public record HistoryPage(List<Event> events, String next, String head, Optional<Gap> gap) {
  /** Copies the list. */
  public HistoryPage {
    events = List.copyOf(events);
    Names.position(next);
    Names.position(head);
  }

  /**
   * Whether the page reached the end of the log.
   *
   * @return true if there was nothing more to read
   */
  public boolean isLast() {
    return next.equals(head);
  }
}
