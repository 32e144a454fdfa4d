/**
 * The command line: {@link dev.reactorhub.cli.Cli} reads it. {@code run} reads the configuration
 * and hands it to a {@link dev.reactorhub.cli.Runner}; {@code health} asks such a hub over HTTP;
 * {@code publish} and {@code tail} are users of the Java client; {@code log} hands its work to
 * {@link dev.reactorhub.cli.LogTools}. May know {@code config} and the client. The only package
 * that prints.
 */
@NullMarked
package dev.reactorhub.cli;

import org.jspecify.annotations.NullMarked;
