package dev.reactorhub.wire;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The trace that a publishing call belongs to (W3C Trace Context, section 3.2). Any thread. */
public final class TraceContext {
  /** The name of the header, or of the metadata. */
  public static final String TRACEPARENT = "traceparent";

  private static final int CHARS_MAX = 128;

  /** Version, trace id, parent id, flags, and what a later version adds. */
  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-[ -~]*)?");

  private static final String NO_VERSION = "ff";
  private static final String FIRST_VERSION = "00";
  private static final String NO_TRACE = "0".repeat(32);
  private static final String NO_PARENT = "0".repeat(16);

  private TraceContext() {}

  /**
   * What a call says of its trace; empty when it says nothing or breaks the format, which by the
   * specification is to be treated as nothing.
   */
  public static Optional<String> traceparent(@Nullable String value) {
    return value != null && value.length() <= CHARS_MAX && isValid(FORM.matcher(value))
        ? Optional.of(value)
        : Optional.empty();
  }

  private static boolean isValid(Matcher value) {
    return value.matches()
        && !value.group(1).equals(NO_VERSION)
        && !value.group(2).equals(NO_TRACE)
        && !value.group(3).equals(NO_PARENT)
        && (value.group(4) == null || !value.group(1).equals(FIRST_VERSION));
  }
}
