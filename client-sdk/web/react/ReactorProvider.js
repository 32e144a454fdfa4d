// The React face of reactor.js: one provider, one hook. No JSX, so that it is served and imported as it is.
import { createContext, createElement, useContext, useEffect, useMemo, useState } from "react";
import "../reactor.js";

const EVENTS_MAX = 50;

// Bursts are shown together, at most once per frame's time: a render per event would starve the page.
const RENDER_INTERVAL_MS = 16;

const ReactorContext = createContext(null);

/**
 * Gives its children the events of `reactor` (by default `window.reactor`, connected if nobody did yet). The
 * connection belongs to the page, not to the provider: unmounting stops listening and leaves it open.
 */
export function ReactorProvider({ children, reactor = globalThis.window?.reactor }) {
  const [connected, setConnected] = useState(false);
  const [events, setEvents] = useState([]);
  const [error, setError] = useState(null);

  useEffect(() => {
    let pending = [];
    let timer = null;
    const show = () => {
      const arrived = pending;
      pending = [];
      timer = null;
      setEvents((shown) => [...shown, ...arrived].slice(-EVENTS_MAX));
    };
    const onEvent = ({ event, data, timestamp }) => {
      pending.push({ type: event, data, timestamp: Date.parse(timestamp) || Date.now() });
      if (pending.length > EVENTS_MAX) pending.shift();
      timer ??= setTimeout(show, RENDER_INTERVAL_MS);
    };
    const onConnected = () => {
      setConnected(true);
      setError(null);
    };
    const onDisconnected = () => setConnected(false);
    const onError = ({ data }) => setError(data.error ?? data);
    const listeners = {
      "*": onEvent,
      reactor_connected: onConnected,
      reactor_disconnected: onDisconnected,
      reactor_error: onError,
      reactor_failed: onError,
    };
    for (const [event, listener] of Object.entries(listeners)) reactor.on(event, listener);
    setConnected(reactor.connected);
    if (reactor.config.autoConnect) reactor.connect();
    return () => {
      clearTimeout(timer);
      for (const [event, listener] of Object.entries(listeners)) reactor.off(event, listener);
    };
  }, [reactor]);

  const value = useMemo(
    () => ({
      connected,
      events,
      error,
      send: (type, data) => reactor.send(type, data),
      subscribe: (types) => reactor.subscribe(types),
      getStatus: () => reactor.getStatus(),
    }),
    [reactor, connected, events, error],
  );

  return createElement(ReactorContext.Provider, { value }, children);
}

/** What the nearest ReactorProvider has: {connected, events, error, send, subscribe, getStatus}. */
export function useReactor() {
  const value = useContext(ReactorContext);
  if (value === null) throw new Error("useReactor must be used within a ReactorProvider");
  return value;
}

export default ReactorProvider;
