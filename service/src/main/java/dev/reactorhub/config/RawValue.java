package dev.reactorhub.config;

/**
 * The text of one setting and where it was found.
 *
 * @param key as written: perhaps none of ours
 */
record RawValue(String key, String text, String origin) {}
