package dev.reactorhub.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Keeps how far a subscription has come, so that it goes on there after a restart; see {@link
 * StartAt#stored}. One store serves one subscription.
 *
 * <p>What is kept is the position up to which everything was handled: events are never skipped, and
 * those handled after the last {@link #save} come again after a crash. The calls of one
 * subscription come one at a time, from its thread or from whoever closes it.
 */
public interface PositionStore {
  /**
   * Reads the position that was saved last.
   *
   * @return the position; empty if none was ever saved
   * @throws IOException if it cannot be told: the subscription ends with {@link
   *     ReactorException.PositionLost}, for to begin anywhere would be a guess
   */
  Optional<String> load() throws IOException;

  /**
   * Replaces the position.
   *
   * @param position where to go on
   * @throws IOException if it was not saved: this is logged, and tried again with the next one
   */
  void save(String position) throws IOException;

  /**
   * A store that lasts as long as the program: for subscriptions that are closed and opened again.
   *
   * @return an empty store
   */
  static PositionStore inMemory() {
    return new MemoryPositionStore();
  }

  /**
   * A store in a file. It is replaced as a whole, and is on the disk when {@link #save} returns: a
   * crash leaves the old position or the new one.
   *
   * @param file holds the position and nothing else; need not exist, its directory must
   * @return the store
   */
  static PositionStore file(Path file) {
    return new FilePositionStore(file);
  }
}
