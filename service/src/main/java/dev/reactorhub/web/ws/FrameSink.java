package dev.reactorhub.web.ws;

import java.nio.ByteBuffer;

/**
 * The sending side of a connection for a caller that has its frames ready: header and payload,
 * unmasked (RFC 6455 section 5.2; see {@link WsFrames}).
 *
 * <p>Every method may be called from any thread; frames of concurrent callers are never mixed.
 */
public interface FrameSink {

  /**
   * Writes whole frames, gathered into as few socket writes as the kernel allows, normally one.
   *
   * <p>Blocks the calling thread while the peer is slow; a peer that takes no byte for {@link
   * WsSettings#noProgressMax()} is closed with code 1013. Direct buffers go to the kernel without a
   * copy. The caller keeps the buffers' content but gives up their positions, so shared frames are
   * handed over as duplicates. Interrupting a thread inside this call closes the connection.
   *
   * @param frames one or more whole frames in each buffer
   * @return whether every byte was handed to the kernel; {@code false} when the connection is
   *     closing or closed, or failed on the way
   */
  boolean write(ByteBuffer... frames);

  /** Whether {@link #tryWrite} can do without a thread that waits: not under TLS. */
  boolean canTryWrite();

  /**
   * Writes whole frames without waiting. What the kernel does not take at once is kept, and nothing
   * else is written, until {@link #finishWrite} is called. One thread at a time writes in this way.
   *
   * @param frames one or more whole frames; the caller gives up the position
   * @return whether there is nothing to finish: all was taken, or the connection is closing
   */
  boolean tryWrite(ByteBuffer frames);

  /**
   * Writes what the last {@link #tryWrite} kept, if anything; waits and returns as {@link #write}.
   */
  boolean finishWrite();

  /** Whether a write may still succeed: no close frame was sent or received, no failure seen. */
  boolean isOpen();

  /**
   * Starts the close handshake; later writes return {@code false}. The close frame follows the
   * frame that is being written, if any; the rest of that write is abandoned. If the handshake is
   * not over after {@link WsSettings#closeTimeout()}, the socket is dropped. May block that long,
   * when the socket's buffer is full. Does nothing on a connection that is closing already.
   *
   * @param code a code that may be sent: 1000-1003, 1007-1014, 3000-4999 (RFC 6455 section 7.4)
   * @param reason cut to 123 bytes of UTF-8
   */
  void closeWith(int code, String reason);

  /** Drops the connection, and what the kernel has not delivered yet. Does not block. */
  void abort();

  /** The peer as {@code host:port}, for logs; behind a proxy, the proxy. */
  String remoteAddress();

  /** What the {@link HandshakePolicy} attached when it accepted the handshake. */
  Object attachment();
}
