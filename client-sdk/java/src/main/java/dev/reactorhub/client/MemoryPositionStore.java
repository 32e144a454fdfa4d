package dev.reactorhub.client;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps a position in memory. Any thread. */
final class MemoryPositionStore implements PositionStore {
  private volatile @Nullable String position;

  @Override
  public Optional<String> load() {
    return Optional.ofNullable(position);
  }

  @Override
  public void save(String newest) {
    position = newest;
  }
}
