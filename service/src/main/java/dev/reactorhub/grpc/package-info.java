/**
 * The gRPC face, {@code reactorhub.v1}. Open {@link dev.reactorhub.grpc.GrpcFace} first. Depends on
 * {@code wire} and {@code hub}; decides nothing about resume, order or errors. Calls run on virtual
 * threads; a stream sends on one at a time. Calls come in by {@link dev.reactorhub.grpc.CallGate};
 * what stays open is an {@link dev.reactorhub.grpc.OpenStream} of its {@link
 * dev.reactorhub.grpc.Connection}, which tells it when to end.
 */
@NullMarked
package dev.reactorhub.grpc;

import org.jspecify.annotations.NullMarked;
