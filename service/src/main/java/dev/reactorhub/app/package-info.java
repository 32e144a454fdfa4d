/**
 * The composition root: {@link dev.reactorhub.app.HubServer} puts the parts together with plain
 * constructors, {@link dev.reactorhub.app.Main} runs it. May know every package; no package knows
 * it. The only place that reads the wall clock.
 */
@NullMarked
package dev.reactorhub.app;

import org.jspecify.annotations.NullMarked;
