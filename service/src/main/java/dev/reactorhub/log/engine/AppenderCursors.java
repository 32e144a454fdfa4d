package dev.reactorhub.log.engine;

import dev.reactorhub.log.NamedCursors;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The named cursors of an engine: stored by its appender, in one group with the records.
 *
 * @param loading reads them
 */
public record AppenderCursors(Appender appender, Supplier<Map<String, byte[]>> loading)
    implements NamedCursors {
  @Override
  public Map<String, byte[]> load() {
    return loading.get();
  }

  @Override
  public CompletableFuture<Outcome> store(Map<String, Optional<byte[]>> changes) {
    return appender.store(changes);
  }
}
