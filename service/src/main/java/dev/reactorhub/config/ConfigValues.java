package dev.reactorhub.config;

import java.util.Map;

/** A value for every key, each of its key's type. */
record ConfigValues(Map<Key<?>, Object> values) {
  ConfigValues {
    values = Map.copyOf(values);
  }

  // Only ConfigLoader fills the map, each key with what its own type has read.
  @SuppressWarnings("unchecked")
  <T> T get(Key<T> key) {
    Object value = values.get(key);
    if (value == null) {
      throw new IllegalArgumentException(key.name() + " is not in ConfigKeys.ALL");
    }
    return (T) value;
  }
}
