import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock, openPage } from "../support/page.mjs";

/** A page that the hub has greeted, and its socket. */
function greetedPage(options) {
  const page = openPage({ config: { autoConnect: false }, ...options });
  page.reactor.connect();
  const [socket] = page.sockets;
  socket.greets();
  return { ...page, socket };
}

const NEWS = {
  type: "news_processed", data: { count: 3 }, id: "n-1", seq: 42, channel: "default", source: "newsroom",
  timestamp: "2026-11-20T10:00:00Z",
};

test("it connects by itself to /ws/stream of the page's host once the DOM is ready", () => {
  const clock = new ManualClock();
  const { document, sockets } = openPage({ clock, readyState: "loading" });
  clock.advance(60_000);
  assert.equal(sockets.length, 0);
  document.dispatchEvent(new Event("DOMContentLoaded"));
  clock.advance(0);
  assert.deepEqual(sockets.map(({ url }) => url), ["ws://hub.example/ws/stream"]);
});

test("a page over https connects over wss", () => {
  const { reactor, sockets } = openPage({ config: { autoConnect: false, url: "https://hub.example/ws/stream?token=t" } });
  reactor.connect();
  assert.equal(sockets[0].url, "wss://hub.example/ws/stream?token=t");
});

test("configuration set on the object before the DOM is ready counts", () => {
  const clock = new ManualClock();
  const { document, reactor, sockets } = openPage({ clock, readyState: "loading" });
  document.addEventListener("DOMContentLoaded", () => { reactor.config.url = "ws://other.example/s"; });
  document.dispatchEvent(new Event("DOMContentLoaded"));
  clock.advance(0);
  assert.equal(sockets[0].url, "ws://other.example/s");
});

test("autoConnect: false leaves connecting to the page", () => {
  const clock = new ManualClock();
  const { sockets } = openPage({ clock, config: { autoConnect: false } });
  clock.advance(60_000);
  assert.equal(sockets.length, 0);
});

test("a generation 2 page gets CustomEvent(type) with the data, and its handler is called", () => {
  const { window, reactor, socket } = greetedPage();
  const seen = [];
  window.addEventListener("news_processed", (event) => seen.push(["event", event.detail]));
  reactor.handlers.news_processed = (data) => seen.push(["handler", data]);
  socket.receives(NEWS);
  assert.deepEqual(structuredClone(seen), [["event", { count: 3 }], ["handler", { count: 3 }]]);
});

test("a generation 1 page gets reactor:<event> and its callback the whole event", () => {
  const { window, reactor, socket } = greetedPage();
  const seen = [];
  window.addEventListener("reactor:news_processed", (event) => seen.push(event.detail));
  reactor.on("news_processed", (event) => seen.push(event));
  socket.receives(NEWS);
  assert.equal(seen.length, 2);
  for (const event of structuredClone(seen)) {
    assert.deepEqual(event, {
      event: "news_processed", data: { count: 3 }, source: "newsroom", timestamp: "2026-11-20T10:00:00Z", id: "n-1",
      channel: "default", seq: 42, position: "k3x9.42", originalEvent: NEWS,
    });
  }
});

test("getStatus has the fields of both generations", () => {
  const { reactor } = greetedPage();
  reactor.on("news_processed", () => {});
  assert.deepEqual(structuredClone(reactor.getStatus()), {
    connected: true, readyState: 1, reconnectAttempts: 0, url: "ws://hub.example/ws/stream",
    wsUrl: "ws://hub.example/ws/stream", subscribedEvents: ["news_processed"], eventListeners: ["news_processed"],
    rooms: ["default"], position: "k3x9.0", clientId: 7,
  });
});

test("generation 1 calls chain", () => {
  const { reactor } = greetedPage();
  const listener = () => {};
  assert.equal(
    reactor.on("a", listener).off("a", listener).emit("a", {}).joinRoom("r").leaveRoom("r").ping().subscribe("a").disconnect(),
    reactor);
});

test("methods work when taken off the object", () => {
  const { reactor, socket } = greetedPage();
  const { send } = reactor;
  assert.equal(send("custom", { x: 1 }), true);
  const { type, data, timestamp } = JSON.parse(socket.sent[0]);
  assert.deepEqual({ type, data }, { type: "custom", data: { x: 1 } });
  assert.equal(typeof timestamp, "number");
});

test("a removed callback is no longer called, others are", () => {
  const { reactor, socket } = greetedPage();
  const seen = [];
  const first = () => seen.push("first");
  reactor.on("news_processed", first).on("news_processed", () => seen.push("second")).off("news_processed", first);
  socket.receives(NEWS);
  assert.deepEqual(seen, ["second"]);
});

test("a failing callback or handler harms no other", () => {
  const { reactor, socket, errors } = greetedPage();
  const seen = [];
  const fails = () => { throw new Error("the page's own bug"); };
  reactor.handlers.news_processed = fails;
  reactor.on("news_processed", fails).on("news_processed", () => seen.push("callback")).on("*", () => seen.push("all"));
  socket.receives(NEWS);
  assert.deepEqual(seen, ["callback", "all"]);
  assert.equal(errors.length, 2);
});

test("an event named like a method of every object calls no such method", () => {
  const { reactor, socket, errors } = greetedPage();
  const seen = [];
  reactor.on("*", ({ event }) => seen.push(event));
  for (const type of ["toString", "__proto__", "__defineGetter__"]) socket.receives({ type, data: {}, seq: 1 });
  assert.deepEqual(seen, ["toString", "__proto__", "__defineGetter__"]);
  assert.deepEqual(errors, []);
});

test("falsy data is delivered, bare and broken text is not", () => {
  const { reactor, socket } = greetedPage();
  const seen = [];
  reactor.on("*", ({ data }) => seen.push(data));
  for (const text of ["pong", "{", "null", "[1]", '{"type":"a"}', '{"data":1}']) socket.receives(text);
  for (const data of [null, 0, false, ""]) socket.receives({ type: "a", data, seq: 1 });
  assert.deepEqual(seen, [null, 0, false, ""]);
});

test("the lifecycle is told as CustomEvents", () => {
  const { window, reactor, socket } = greetedPage({ clock: new ManualClock() });
  const seen = [];
  for (const type of ["reactor_connected", "reactor_disconnected", "reactor_error", "reactor_failed"]) {
    window.addEventListener(type, ({ detail }) => seen.push([type, detail]));
  }
  reactor.config.maxReconnectAttempts = 0;
  socket.greets();
  socket.onerror({});
  socket.closes(1011, "broken");
  assert.deepEqual(seen.map(([type]) => type), ["reactor_connected", "reactor_error", "reactor_disconnected", "reactor_failed"]);
  assert.equal(seen[0][1].message, "Connected to PulseAI Reactor");
  assert.deepEqual(structuredClone(seen[2][1]), { code: 1011, reason: "broken", timestamp: 0 });
});

test("connect() is fulfilled by the greeting, and is one and the same while connecting", async () => {
  const { reactor, sockets } = openPage({ config: { autoConnect: false } });
  const promise = reactor.connect();
  assert.equal(reactor.connect(), promise);
  assert.equal(sockets.length, 1);
  assert.equal(reactor.getStatus().connected, false);
  sockets[0].greets();
  await promise;
  assert.equal(reactor.connected, true);
});

test("connect() is rejected when the page disconnects first", async () => {
  const { reactor } = openPage({ config: { autoConnect: false } });
  const promise = reactor.connect();
  reactor.disconnect();
  await assert.rejects(promise, { code: "disconnected" });
});

test("an address that no browser accepts is reactor_failed, not an endless retry", async () => {
  const clock = new ManualClock();
  const { window, reactor, sockets } = openPage({ clock, config: { autoConnect: false, url: "http://[" } });
  let failures = 0;
  window.addEventListener("reactor_failed", () => { failures += 1; });
  await assert.rejects(reactor.connect(), { code: "reactor_failed" });
  clock.advance(600_000);
  assert.equal(failures, 1);
  assert.equal(sockets.length, 0);
});

test("disconnect() is final, and connect() begins anew", () => {
  const clock = new ManualClock();
  const { reactor, sockets, socket } = greetedPage({ clock });
  reactor.disconnect();
  assert.equal(socket.readyState, 2);
  clock.advance(600_000);
  assert.equal(sockets.length, 1);
  assert.deepEqual([reactor.getStatus().connected, reactor.getStatus().readyState], [false, 3]);
  reactor.connect();
  assert.equal(sockets.length, 2);
});

test("listening narrows nothing; subscribe() does, and includes what is listened to", () => {
  const { reactor, socket } = greetedPage();
  reactor.on("digest_created", () => {});
  assert.deepEqual(socket.sent, []);
  reactor.subscribe("news_processed, user_action");
  assert.deepEqual(JSON.parse(socket.sent[0]).data, { types: ["news_processed", "user_action", "digest_created"] });
  reactor.on("event_detected", () => {});
  assert.deepEqual(JSON.parse(socket.sent[1]).data.types, ["news_processed", "user_action", "digest_created", "event_detected"]);
});

test("a subscription that generation 2 sends by hand is remembered as well", () => {
  const { reactor, socket } = greetedPage();
  reactor.send("subscribe", "news_processed");
  assert.deepEqual([...reactor.getStatus().subscribedEvents], ["news_processed"]);
  assert.equal(JSON.parse(socket.sent[0]).type, "subscribe");
});

test("emit() shows the event to this page at once, and does not show it again when the hub sends it back", () => {
  const { window, reactor, socket } = greetedPage();
  const plain = [];
  const whole = [];
  window.addEventListener("user_action", ({ detail }) => plain.push(detail));
  reactor.on("user_action", ({ data }) => whole.push(data));
  reactor.emit("user_action", { action: "click" });
  assert.deepEqual(plain, [{ action: "click" }]);
  const { type, data: { id, ...event }, ref } = JSON.parse(socket.sent[0]);
  assert.equal(type, "publish");
  assert.equal(ref, id);
  assert.deepEqual(event, { type: "user_action", channel: "default", data: { action: "click" } });
  socket.receives({ type: "user_action", data: { action: "click" }, id, seq: 1 });
  assert.equal(plain.length, 1);
  assert.equal(whole.length, 1);
});

test("a second load of the script changes nothing", async () => {
  const { window, reactor } = greetedPage();
  const vm = await import("node:vm");
  const { readFileSync } = await import("node:fs");
  vm.runInContext(readFileSync(new URL("../../reactor.js", import.meta.url), "utf8"), window);
  assert.equal(window.reactor, reactor);
});

test("importing it where there is no page does nothing", async () => {
  await import("../../reactor.js");
  assert.equal(globalThis.reactor, undefined);
});
