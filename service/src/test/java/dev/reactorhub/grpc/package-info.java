/** Tests of the package of the same name. */
@NullMarked
package dev.reactorhub.grpc;

import org.jspecify.annotations.NullMarked;
