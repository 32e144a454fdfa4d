/**
 * The fake hub's gRPC side: what {@link dev.reactorhub.client.testing.FakeHub} drives, and what the
 * client's own tests use to answer call by call. Open {@link
 * dev.reactorhub.client.testing.internal.HubServer} first.
 */
@NullMarked
package dev.reactorhub.client.testing.internal;

import org.jspecify.annotations.NullMarked;
