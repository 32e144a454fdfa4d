package dev.reactorhub.hub;

import dev.reactorhub.tally.Tally;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts open sessions, in all and per address, and refuses those beyond the bounds. Any thread.
 */
public final class Sessions {
  private final int sessionsMax;
  private final int sessionsPerAddressMax;

  /** Guarded by this. */
  private final Map<String, Integer> byAddress = new HashMap<>();

  /** Guarded by this. */
  private final int[] byFace = new int[3];

  /** Guarded by this. */
  private int open;

  private final Tally<Face> opened = new Tally<>(Face.class);
  private final Tally<Limit> refused = new Tally<>(Limit.class);

  /** Bounds: 1 or more each. */
  public Sessions(int sessionsMax, int sessionsPerAddressMax) {
    if (sessionsMax < 1 || sessionsPerAddressMax < 1) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "sessions are limited to %d, %d an address: must be 1 or more",
              sessionsMax,
              sessionsPerAddressMax));
    }
    this.sessionsMax = sessionsMax;
    this.sessionsPerAddressMax = sessionsPerAddressMax;
  }

  /** How a client is connected. */
  public enum Face {
    /** A WebSocket. */
    WEBSOCKET,
    /** Server-sent events. */
    SSE,
    /** A gRPC subscription. */
    GRPC
  }

  /** What stands in the way of a session. */
  public enum Limit {
    /** The bound of the whole hub. */
    HUB,
    /** The bound per address. */
    ADDRESS
  }

  /** What became of the wish to open a session. */
  public sealed interface Opened {
    /** Open until the ticket is closed. */
    record Admitted(Ticket ticket) implements Opened {}

    /**
     * Not open.
     *
     * @param limit the bound that stands in the way
     * @param perAddress true for the bound per address, false for that of the whole hub
     */
    record Refused(int limit, boolean perAddress) implements Opened {}
  }

  /** Opens a session of a client at this address. */
  public synchronized Opened open(Face face, String address) {
    if (open >= sessionsMax) {
      refused.add(Limit.HUB);
      return new Opened.Refused(sessionsMax, false);
    }
    int here = byAddress.getOrDefault(address, 0);
    if (here >= sessionsPerAddressMax) {
      refused.add(Limit.ADDRESS);
      return new Opened.Refused(sessionsPerAddressMax, true);
    }
    byAddress.put(address, here + 1);
    byFace[index(face)]++;
    open++;
    opened.add(face);
    return new Opened.Admitted(new Ticket(face, address));
  }

  /** How many may be open at once. */
  public int sessionsMax() {
    return sessionsMax;
  }

  /** How many of a face were opened since the start. */
  public long opened(Face face) {
    return opened.count(face);
  }

  /** How many were refused since the start. */
  public long refused(Limit limit) {
    return refused.count(limit);
  }

  /** Open sessions of every face. */
  public synchronized int count() {
    return open;
  }

  /** Open sessions of one face. */
  public synchronized int count(Face face) {
    return byFace[index(face)];
  }

  private synchronized void close(Face face, String address) {
    byAddress.computeIfPresent(address, (a, here) -> here == 1 ? null : here - 1);
    byFace[index(face)]--;
    open--;
  }

  private static int index(Face face) {
    return switch (face) {
      case WEBSOCKET -> 0;
      case SSE -> 1;
      case GRPC -> 2;
    };
  }

  /** An open session; closing it twice counts once. */
  public final class Ticket implements AutoCloseable {
    private final Face face;
    private final String address;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Ticket(Face face, String address) {
      this.face = face;
      this.address = address;
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        Sessions.this.close(face, address);
      }
    }
  }
}
