/** Tests of the HTTP face against a real server, and what they share. */
@NullMarked
package dev.reactorhub.web;

import org.jspecify.annotations.NullMarked;
