// A hub of one process and no durability, for the tests of the client: the frames of /ws/stream, publishing, history,
// statistics and the static files. Run by itself it also makes up events: `npm run fake-hub -- 8080`.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";

const REACTOR_JS = new URL("../../reactor.js", import.meta.url);
const LIVE_PAGE = new URL("../../../../service/src/main/resources/web/", import.meta.url);
const MEDIA_TYPES = { html: "text/html; charset=utf-8", css: "text/css", js: "text/javascript", svg: "image/svg+xml" };

const matches = (pattern, channel) => {
  const have = channel.split(".");
  const want = pattern.split(".");
  const rest = want.indexOf(">");
  if (rest >= 0) return have.length > rest && want.slice(0, rest).every((token, i) => token === "*" || token === have[i]);
  return want.length === have.length && want.every((token, i) => token === "*" || token === have[i]);
};

const list = (value) => (Array.isArray(value) ? value : String(value ?? "").split(",")).filter(Boolean);

export class FakeHub {
  epoch = "k3x9";
  log = [];
  /** Events up to this seq are gone, as after retention. */
  trimmedTo = 0;
  sessions = new Set();
  /** The address of every WebSocket request, oldest first. */
  requests = [];
  /** Every text frame received, oldest first. */
  received = [];
  /** When true the hub stores what is published but does not acknowledge it. */
  withholdsAcknowledgements = false;

  static async start(port = 0) {
    const hub = new FakeHub();
    hub.server = createServer((request, response) => hub.#http(request, response));
    const sockets = new WebSocketServer({ server: hub.server, path: "/ws/stream" });
    sockets.on("connection", (socket, request) => hub.#accept(socket, request));
    await new Promise((resolve) => hub.server.listen(port, "127.0.0.1", resolve));
    hub.url = `http://127.0.0.1:${hub.server.address().port}`;
    return hub;
  }

  stop() {
    for (const { socket } of this.sessions) socket.terminate();
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  position(seq = this.log.length) {
    return `${this.epoch}.${seq}`;
  }

  publish(type, data, { channel = "default", id = randomUUID(), source = "system" } = {}) {
    const first = this.log.find((event) => event.id === id);
    const event = first ?? { type, data, id, seq: this.log.length + 1, channel, source, timestamp: new Date().toISOString() };
    if (!first) {
      this.log.push(event);
      for (const session of this.sessions) this.#offer(session, event);
    }
    return { id, seq: event.seq, position: this.position(event.seq), duplicate: Boolean(first) };
  }

  /** Cuts every connection without a close frame. */
  cut() {
    for (const { socket } of this.sessions) socket.terminate();
  }

  goAway(reconnectAfterMs) {
    for (const session of this.sessions) {
      this.#send(session, "reactor_going_away", { position: this.position(), reconnect_after_ms: reconnectAfterMs });
      session.socket.close(1012, "service restart");
    }
  }

  sendAll(type, data) {
    for (const session of this.sessions) this.#send(session, type, data);
  }

  #accept(socket, request) {
    const query = new URL(request.url, "http://hub").searchParams;
    const session = {
      socket,
      channels: new Set(query.has("channels") ? list(query.get("channels")) : ["default"]),
      types: new Set(list(query.get("types"))),
    };
    this.requests.push(request.url);
    this.sessions.add(session);
    socket.on("close", () => this.sessions.delete(session));
    socket.on("message", (text) => this.#command(session, String(text)));
    this.#send(session, "reactor_connected", {
      message: "Connected to PulseAI Reactor", client_id: randomUUID(), timestamp: Date.now() / 1000,
      epoch: this.epoch, position: this.position(),
    });
    if (query.has("after")) this.#resume(session, query.get("after"));
  }

  #resume(session, after) {
    const [epoch, seq] = after.split(".");
    if (!/^\d+$/.test(seq ?? "")) {
      this.#send(session, "reactor_error", { code: "invalid_position", message: `${after} is not a position` });
      session.socket.close(1008, "invalid_position");
      return;
    }
    let from = Number(seq);
    if (epoch !== this.epoch || from < this.trimmedTo) {
      const reason = epoch !== this.epoch ? "epoch_unknown" : "position_expired";
      from = this.trimmedTo;
      this.#send(session, "reactor_gap", { from: after, to: this.position(from), reason });
    }
    for (const event of this.log.slice(from)) this.#offer(session, event);
  }

  #offer(session, event) {
    const isWanted = (session.types.size === 0 || session.types.has(event.type)) &&
      [...session.channels].some((pattern) => matches(pattern, event.channel));
    if (isWanted) session.socket.send(JSON.stringify(event));
  }

  #command(session, text) {
    this.received.push(text);
    if (text === "ping") {
      session.socket.send("pong");
      return;
    }
    const { type, data, ref } = JSON.parse(text);
    if (type === "subscribe" || type === "unsubscribe") this.#select(session, type, data);
    else if (type === "publish") this.#publishFrame(session, data, ref);
  }

  #select(session, command, data) {
    const { types, channels } = typeof data === "string" || Array.isArray(data) ? { types: data, channels: [] } : data;
    const change = command === "subscribe" ? "add" : "delete";
    for (const type of list(types)) session.types[change](type);
    for (const channel of list(channels)) session.channels[change](channel);
    this.#send(session, `reactor_${command}d`, { events: [...session.types], channels: [...session.channels], message: "" });
  }

  #publishFrame(session, data, ref) {
    if (!/^\S+$/.test(data.type)) {
      this.#send(session, "reactor_error", { code: "invalid_name", message: `"${data.type}" is not a type` }, ref);
      return;
    }
    const stored = this.publish(data.type, data.data, data);
    if (!this.withholdsAcknowledgements) this.#send(session, "reactor_published", stored, ref);
  }

  #send(session, type, data, ref) {
    session.socket.send(JSON.stringify(ref === undefined ? { type, data } : { type, data, ref }));
  }

  async #http(request, response) {
    const { pathname, searchParams } = new URL(request.url, "http://hub");
    const json = (value) => response.setHeader("content-type", "application/json").end(JSON.stringify(value));
    if (pathname === "/api/v1/events" && request.method === "POST") {
      const body = JSON.parse(Buffer.concat(await request.toArray()));
      json(this.publish(body.type, body.data, body));
    } else if (pathname === "/api/v1/events") {
      const from = Number(searchParams.get("after")?.split(".")[1] ?? 0);
      const events = this.log.slice(from, from + Number(searchParams.get("limit") ?? 100));
      json({ events, next: this.position(from + events.length), head: this.position() });
    } else if (pathname === "/ws/stats") {
      json({
        connected_clients: this.sessions.size, ws_active_connections: this.sessions.size,
        ws_events_emitted_total: this.log.length, ws_last_event_ts: Date.now() / 1000, reactor_events_subscribed: 7,
      });
    } else {
      await this.#file(pathname, response);
    }
  }

  async #file(pathname, response) {
    const name = pathname === "/" ? "index.html" : pathname.slice(1);
    const file = pathname === "/static/js/reactor.js" ? REACTOR_JS : new URL(name.replaceAll("..", ""), LIVE_PAGE);
    try {
      const content = await readFile(file);
      response.setHeader("content-type", MEDIA_TYPES[name.split(".").pop()] ?? "application/octet-stream");
      response.setHeader("content-security-policy", "default-src 'self'");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const hub = await FakeHub.start(Number(process.argv[2] ?? 8080));
  const { makeUpEvents } = await import("./made-up-events.mjs");
  makeUpEvents(hub);
  console.log(hub.url);
}
