/**
 * A hub within the test's own process: for tests of programs that publish, subscribe or consume.
 *
 * <p>Open {@link dev.reactorhub.client.testing.FakeHub} first. Values are immutable; the hub is
 * safe for any thread.
 */
@NullMarked
package dev.reactorhub.client.testing;

import org.jspecify.annotations.NullMarked;
