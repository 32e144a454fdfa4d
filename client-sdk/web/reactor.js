/*
 * Reactor Hub in the browser: one classic script, nothing to build, nothing fetched from elsewhere.
 *
 *   <script src="/static/js/reactor.js"></script>
 *
 * It makes `window.reactor`, connects it to /ws/stream of the page's own host when the DOM is ready, and hands every
 * event to the page in each form that a Reactor page may be written for:
 *
 *   addEventListener("news_processed", e => e.detail)              the data
 *   reactor.handlers.news_processed = data => …                    the data
 *   addEventListener("reactor:news_processed", e => e.detail.data) the whole event
 *   reactor.on("news_processed", event => event.data)              the whole event; "*" hears all of them
 *
 * No event is missed across a reconnect: the client remembers the newest position it was given and resumes after it.
 * What the hub can no longer replay is announced as `reactor_gap`. Nothing is delivered twice.
 *
 * To configure it, set `window.REACTOR_CONFIG` before this script, or `reactor.config` before the DOM is ready.
 */
(function (root) {
  "use strict";

  // As a module this file may be imported where there is no page (server-side rendering), or more than once.
  if (typeof root.addEventListener !== "function" || root.PulseAIReactor) return;

  const DEFAULTS = {
    // A string, a function returning one (for a token that changes), or null: ws(s)://<page host>/ws/stream.
    url: null,
    autoConnect: true,
    // Rooms and event types to begin with; no types means every type.
    channels: ["default"],
    types: [],
    // The position to begin after, "<epoch>.<seq>"; null means from now on.
    after: null,
    // Milliseconds.
    heartbeatInterval: 25000,
    reconnectDelay: 1000,
    reconnectDelayMax: 30000,
    maxReconnectAttempts: Infinity,
    // Events published but not yet acknowledged, kept over a reconnect. Beyond it publishing fails.
    unacknowledgedMax: 1000,
  };

  // A connection this old has proved itself: the next one starts with the shortest delay again.
  const STABLE_MS = 5000;

  const CLOSED = 3;

  // Frames of the hub itself. A frame that carries a `seq` is always an event, whatever its type.
  const CONTROL = new Set([
    "reactor_connected", "reactor_subscribed", "reactor_unsubscribed", "reactor_published", "reactor_error",
    "reactor_gap", "reactor_lagging", "reactor_caught_up", "reactor_position", "reactor_going_away", "echo",
  ]);

  // Names a page listens to that the hub is never asked for.
  const LOCAL = new Set([...CONTROL, "reactor_disconnected", "reactor_failed", "*"]);

  const names = (value) =>
    (Array.isArray(value) ? value : String(value ?? "").split(",")).map((name) => String(name).trim()).filter(Boolean);

  /** What subscribe() and unsubscribe() take: types as text or array, or {types, channels}. */
  const selection = (value) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? { types: names(value.types), channels: names(value.channels) }
      : { types: names(value), channels: [] };

  // Not crypto.randomUUID: browsers withhold it from pages served over plain HTTP.
  const newId = () =>
    Array.from(root.crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const failure = (code, message) => Object.assign(new Error(message), { code });

  class PulseAIReactor {
    /** Handlers by event type, called with the event's data. */
    handlers = {};

    // The page wants a connection: true from connect() until disconnect() or giving up.
    #wanted = false;
    // The current socket; events of any other socket are ignored.
    #socket = null;
    // The hub has greeted the current socket.
    #connected = false;
    #connectedAt = 0;
    // What connect() promised; replaced once a connection that fulfilled it is lost.
    #promise = null;

    #attempts = 0;
    // Doublings of the delay; falls back to 0 only after a stable connection.
    #backoff = 0;
    #retryTimer = null;
    // The delay the hub chose for this client when it announced that it goes away.
    #delayFromHub = null;
    #heartbeatTimer = null;
    // The hub owes a sign of life, a greeting or an answer to a ping, and nothing has been heard since.
    #isAnswerDue = false;

    #clientId = null;
    #epoch = null;
    #position = null;

    #listeners = new Map();
    #types;
    // Types were chosen; with none left of them, no event is wanted.
    #isNarrowed;
    // Types unsubscribed while every type was wanted.
    #excluded = new Set();
    #channels;
    // Commands given while there is no greeted connection and its address is already fixed.
    #commands = [];
    // id → {frame, resolve, reject}: published, not acknowledged. Sent again after a reconnect; the id makes that safe.
    #unacknowledged = new Map();
    // Ids of events that emit() has already shown to this page as a plain CustomEvent.
    #shown = new Set();

    constructor(options = {}) {
      const given = typeof options === "string" ? { url: options } : { ...options };
      given.url ??= given.wsUrl ?? DEFAULTS.url;
      given.reconnectDelay ??= given.reconnectInterval ?? DEFAULTS.reconnectDelay;
      this.config = { ...DEFAULTS, ...given };
      this.#types = new Set(names(this.config.types));
      this.#isNarrowed = this.#types.size > 0;
      this.#channels = new Set(names(this.config.channels));
      // Pages take methods off the object: const { send, subscribe } = window.reactor.
      for (const name of Object.getOwnPropertyNames(PulseAIReactor.prototype)) {
        const { value } = Object.getOwnPropertyDescriptor(PulseAIReactor.prototype, name);
        if (name !== "constructor" && typeof value === "function") this[name] = value.bind(this);
      }
      root.addEventListener("online", () => {
        if (this.#retryTimer !== null && this.#delayFromHub === null) this.#open();
      });
    }

    // ---- Connection

    get connected() {
      return this.#connected;
    }

    /** The newest position delivered, "<epoch>.<seq>", or null. Give it as config.after to go on from there. */
    get position() {
      return this.#position ?? this.config.after;
    }

    /**
     * Connects, and keeps connecting. The promise is fulfilled by the hub's greeting, rejected on giving up. After the
     * hub has said when to come back, not before then.
     */
    connect() {
      if (!this.#wanted) this.#attempts = 0;
      this.#wanted = true;
      this.#promise ??= deferred();
      const { promise } = this.#promise;
      if (this.#socket === null) {
        // A hub that went away said when to come back: before that there is nobody, or too many come at once.
        if (this.#delayFromHub === null) this.#open();
        else if (this.#retryTimer === null) this.#retryLater();
      }
      return promise;
    }

    disconnect() {
      this.#wanted = false;
      this.#delayFromHub = null;
      this.#cancelRetry();
      this.#promise?.reject(failure("disconnected", "disconnect() was called"));
      this.#promise = null;
      const socket = this.#socket;
      if (socket !== null) {
        socket.close(1000);
        this.#lost(socket, 1000, "");
      }
      return this;
    }

    ping() {
      if (this.#connected) this.#socket.send("ping");
      return this;
    }

    getStatus() {
      return {
        connected: this.#connected,
        readyState: this.#socket === null ? CLOSED : this.#socket.readyState,
        reconnectAttempts: this.#attempts,
        url: this.#url().href,
        wsUrl: this.#url().href,
        subscribedEvents: [...new Set([...this.#types, ...this.#listenedTypes()])],
        eventListeners: [...this.#listeners.keys()],
        rooms: [...this.#channels],
        position: this.position,
        clientId: this.#clientId,
      };
    }

    // ---- What the page hears

    /** Calls back with each such event: {event, data, source, timestamp, id, channel, seq, position}. */
    on(event, callback) {
      if (!this.#listeners.has(event)) this.#listeners.set(event, []);
      this.#listeners.get(event).push(callback);
      // Listening alone never narrows what arrives; but where types were chosen, a listener adds its own.
      if (this.#isNarrowed && !this.#types.has(event) && !LOCAL.has(event)) this.subscribe([event]);
      return this;
    }

    /** Removes one callback, or every callback of the event when none is named. */
    off(event, callback) {
      const kept = callback === undefined ? [] : [...(this.#listeners.get(event) ?? [])];
      const index = kept.indexOf(callback);
      if (index >= 0) kept.splice(index, 1);
      if (kept.length > 0) this.#listeners.set(event, kept);
      else this.#listeners.delete(event);
      return this;
    }

    /** Narrows delivery to these types, added to those chosen before; {types, channels} joins rooms as well. */
    subscribe(events) {
      const { types, channels } = selection(events);
      if (types.length > 0) for (const type of [...types, ...this.#listenedTypes()]) this.#types.add(type);
      if (types.length > 0) {
        this.#isNarrowed = true;
        this.#excluded.clear();
      }
      for (const channel of channels) this.#channels.add(channel);
      // All types, not only the new ones: the hub then holds the same set whatever it held before.
      this.#selectionChanged("subscribe", types.length > 0 ? [...this.#types] : [], channels);
      return this;
    }

    unsubscribe(events) {
      const { types, channels } = selection(events);
      for (const type of types) {
        this.#types.delete(type);
        if (!this.#isNarrowed) this.#excluded.add(type);
      }
      for (const channel of channels) this.#channels.delete(channel);
      this.#selectionChanged("unsubscribe", types, channels);
      return this;
    }

    joinRoom(room = "default") {
      return this.subscribe({ channels: [room] });
    }

    leaveRoom(room = "default") {
      return this.unsubscribe({ channels: [room] });
    }

    // ---- What the page says

    /** Publishes an event to everyone; this page sees it at once as CustomEvent(event). */
    emit(event, data = {}) {
      const id = newId();
      this.#shown.add(id);
      if (this.#shown.size > this.config.unacknowledgedMax) this.#shown.delete(this.#shown.values().next().value);
      root.dispatchEvent(new CustomEvent(event, { detail: data }));
      // A refusal reaches the page as reactor_error.
      this.publish(event, data, { id }).catch(() => this.#shown.delete(id));
      return this;
    }

    /**
     * Publishes an event; the promise brings {id, seq, position, duplicate} once the hub has stored it. Without a
     * connection the event waits for one.
     */
    publish(type, data = {}, { channel = "default", id = newId() } = {}) {
      if (this.#unacknowledged.size >= this.config.unacknowledgedMax) {
        return Promise.reject(failure("too_many_unacknowledged",
          `${this.#unacknowledged.size} events wait for the hub's acknowledgement`));
      }
      const frame = JSON.stringify({ type: "publish", data: { type, channel, data, id }, ref: id });
      return new Promise((resolve, reject) => {
        this.#unacknowledged.set(id, { frame, resolve, reject });
        if (this.#connected) this.#socket.send(frame);
      });
    }

    /** Sends a frame as it is. False, and nothing sent, without a connection. */
    send(type, data) {
      const isConnected = this.#connected;
      if (type === "subscribe" || type === "unsubscribe") this[type](data);
      else if (isConnected) this.#socket.send(JSON.stringify({ type, data, timestamp: Date.now() }));
      else console.warn(`[reactor] not connected: "${type}" was not sent`);
      return isConnected;
    }

    // ---- The socket

    #url() {
      const { url } = this.config;
      const address = new URL((typeof url === "function" ? url() : url) ?? "/ws/stream", root.location.href);
      address.protocol = address.protocol.replace("http", "ws");
      return address;
    }

    /** The whole subscription travels in the address, so that a resumed connection starts with the right one. */
    #address() {
      const address = this.#url();
      const list = (values) => [...values].map(encodeURIComponent).join(",");
      const query = [address.search.slice(1)];
      const isDefaultOnly = this.#channels.size === 1 && this.#channels.has("default");
      if (this.#channels.size > 0 && !isDefaultOnly) query.push(`channels=${list(this.#channels)}`);
      // An empty list asks for no type at all: what is left when every chosen type was unsubscribed.
      if (this.#isNarrowed) query.push(`types=${list(this.#types)}`);
      if (this.position !== null) query.push(`after=${encodeURIComponent(this.position)}`);
      address.search = query.filter(Boolean).join("&");
      return address.href;
    }

    #open() {
      this.#cancelRetry();
      this.#delayFromHub = null;
      this.#commands = [];
      // No channels in the address means "default": to be in no room at all, that one must be left.
      if (this.#channels.size === 0) this.#selectionChanged("unsubscribe", [], ["default"]);
      this.#selectionChanged("unsubscribe", [...this.#excluded], []);
      let socket;
      try {
        socket = new WebSocket(this.#address());
      } catch (error) {
        // An address no browser accepts: another try would end the same.
        this.#giveUp(error.message);
        return;
      }
      this.#socket = socket;
      this.#isAnswerDue = true;
      this.#heartbeatTimer = setInterval(() => this.#heartbeat(socket), this.config.heartbeatInterval);
      socket.onmessage = (message) => {
        if (socket === this.#socket) this.#receive(message.data);
      };
      socket.onerror = (error) => {
        if (socket !== this.#socket) return;
        const message = "WebSocket error";
        this.#deliver("reactor_error", { code: "connection_error", message, error, timestamp: Date.now() });
      };
      socket.onclose = (close) => this.#lost(socket, close.code, close.reason);
    }

    #greeted(data) {
      this.#connected = true;
      this.#connectedAt = Date.now();
      this.#attempts = 0;
      this.#clientId = data?.client_id ?? null;
      this.#epoch = data?.epoch ?? null;
      // A resumed connection keeps its own position: the greeting names the head, which has yet to be delivered.
      if (this.position === null) this.#position = data?.position ?? null;
      for (const command of this.#commands) this.#socket.send(command);
      this.#commands = [];
      for (const { frame } of this.#unacknowledged.values()) this.#socket.send(frame);
    }

    #heartbeat(socket) {
      if (this.#isAnswerDue) {
        // Silent for a whole interval: the connection is dead, though no close was seen.
        socket.close();
        this.#lost(socket, 1006, "no answer from the hub");
      } else {
        this.#isAnswerDue = true;
        socket.send("ping");
      }
    }

    #lost(socket, code, reason) {
      if (socket !== this.#socket) return;
      clearInterval(this.#heartbeatTimer);
      this.#socket = null;
      if (this.#connected) {
        this.#connected = false;
        if (Date.now() - this.#connectedAt >= STABLE_MS) this.#backoff = 0;
        this.#promise = null;
      }
      this.#deliver("reactor_disconnected", { code, reason, timestamp: Date.now() });
      // A listener may have called connect() or disconnect().
      if (!this.#wanted || this.#socket !== null || this.#retryTimer !== null) return;
      if (this.#attempts >= this.config.maxReconnectAttempts) this.#giveUp("Max reconnection attempts reached");
      else this.#retryLater();
    }

    #retryLater() {
      this.#attempts += 1;
      const ceiling = Math.min(this.config.reconnectDelayMax, this.config.reconnectDelay * 2 ** this.#backoff);
      // Between half and all of it: clients that lost one hub together do not come back together.
      const delay = this.#delayFromHub ?? ceiling * (0.5 + Math.random() / 2);
      this.#backoff = this.#delayFromHub === null ? Math.min(this.#backoff + 1, 16) : 0;
      this.#retryTimer = setTimeout(() => this.#open(), delay);
    }

    #cancelRetry() {
      clearTimeout(this.#retryTimer);
      this.#retryTimer = null;
    }

    #giveUp(message) {
      this.#wanted = false;
      this.#promise?.reject(failure("reactor_failed", message));
      this.#promise = null;
      this.#deliver("reactor_failed", { message, timestamp: Date.now() });
    }

    // ---- Frames

    #receive(text) {
      this.#isAnswerDue = false;
      const frame = parse(text);
      if (frame === null) return;
      const { type, data } = frame;
      const hasSeq = typeof frame.seq === "number";
      const isEvent = hasSeq || !CONTROL.has(type);
      if (hasSeq && this.#epoch !== null) this.#position = `${this.#epoch}.${frame.seq}`;
      if (!isEvent) this.#obey(type, data, frame.ref);
      if (isEvent || type !== "reactor_position") this.#deliver(type, data, frame, isEvent);
      if (!isEvent && type === "reactor_connected") this.#promise?.resolve();
    }

    #obey(type, data, ref) {
      switch (type) {
        case "reactor_connected":
          this.#greeted(data);
          break;
        case "reactor_position":
        case "reactor_caught_up":
          this.#moveTo(data?.position);
          break;
        case "reactor_gap":
          this.#moveTo(data?.to);
          break;
        case "reactor_going_away":
          this.#moveTo(data?.position);
          this.#delayFromHub = Number(data?.reconnect_after_ms) || 0;
          break;
        case "reactor_published":
          this.#settle(ref)?.resolve(data);
          break;
        case "reactor_error":
          // Asking again for a position the hub does not accept would end the same.
          if (data?.code === "invalid_position" || data?.code === "position_in_future") {
            this.#position = this.config.after = null;
          }
          this.#settle(ref)?.reject(failure(data?.code, data?.message));
          break;
      }
    }

    #moveTo(position) {
      if (typeof position === "string") this.#position = position;
    }

    #settle(ref) {
      const waiting = this.#unacknowledged.get(ref);
      this.#unacknowledged.delete(ref);
      return waiting;
    }

    #selectionChanged(command, types, channels) {
      if (types.length === 0 && channels.length === 0) return;
      const data = {};
      if (types.length > 0) data.types = types;
      if (channels.length > 0) data.channels = channels;
      const frame = JSON.stringify({ type: command, data, timestamp: Date.now() });
      if (this.#connected) this.#socket.send(frame);
      else this.#commands.push(frame);
    }

    #listenedTypes() {
      return [...this.#listeners.keys()].filter((event) => !LOCAL.has(event));
    }

    /** Hands one event to the page in every form. What fails in the page stays in the page. */
    #deliver(type, data, frame = { type, data }, isEvent = false) {
      const { source = "system", timestamp, id, channel, seq } = frame;
      const { position } = this;
      const event = { event: type, data, source, timestamp, id, channel, seq, position, originalEvent: frame };
      if (!this.#shown.delete(id)) root.dispatchEvent(new CustomEvent(type, { detail: data }));
      const handler = this.handlers?.[type];
      // An event may be called "toString": what every object inherits is not a handler.
      if (handler !== Object.prototype[type]) this.#call(handler, data, type);
      root.dispatchEvent(new CustomEvent(`reactor:${type}`, { detail: event }));
      for (const callback of [...(this.#listeners.get(type) ?? [])]) this.#call(callback, event, type);
      if (isEvent) for (const callback of [...(this.#listeners.get("*") ?? [])]) this.#call(callback, event, type);
    }

    #call(callback, argument, type) {
      if (typeof callback !== "function") return;
      try {
        callback.call(this, argument);
      } catch (error) {
        console.error(`[reactor] a handler of "${type}" failed`, error);
      }
    }
  }

  /** The frame in the text, or null for bare text such as "pong". */
  function parse(text) {
    try {
      const frame = JSON.parse(text);
      return typeof frame?.type === "string" && "data" in frame ? frame : null;
    } catch {
      return null;
    }
  }

  function deferred() {
    const result = {};
    result.promise = new Promise((resolve, reject) => Object.assign(result, { resolve, reject }));
    // Few pages look at the promise: that nobody did must not show as an unhandled rejection.
    result.promise.catch(() => {});
    return result;
  }

  const reactor = new PulseAIReactor(root.REACTOR_CONFIG);
  root.PulseAIReactor = PulseAIReactor;
  root.reactor = reactor;

  // A moment later, so that whatever the page does when the DOM is ready comes first.
  const start = () => setTimeout(() => {
    if (reactor.config.autoConnect && reactor.getStatus().readyState === CLOSED) reactor.connect();
  });
  if (root.document.readyState === "loading") root.document.addEventListener("DOMContentLoaded", start);
  else start();
})(typeof window === "undefined" ? globalThis : window);
