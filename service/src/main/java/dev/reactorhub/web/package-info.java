/**
 * The HTTP face: {@code /ws/stream}, server-sent events, publishing, history, the status routes and
 * the pages. Open {@link dev.reactorhub.web.WebFace} first. Depends on {@code wire} and {@code
 * hub}; decides nothing about resume, order or errors. One virtual thread per connection.
 */
@NullMarked
package dev.reactorhub.web;

import org.jspecify.annotations.NullMarked;
