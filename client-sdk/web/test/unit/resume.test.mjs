import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { ManualClock, openPage } from "../support/page.mjs";

let clock;
let page;
let reactor;
let window;

beforeEach(() => open());

afterEach(() => reactor.disconnect());

function open(options) {
  clock = new ManualClock();
  page = openPage({ clock, config: { autoConnect: false }, ...options });
  ({ reactor, window } = page);
  reactor.connect();
}

const socket = () => page.sockets.at(-1);
const query = () => new URL(socket().url).search;

/** Loses the connection and lets the client come back. */
function reconnect(code = 1006) {
  socket().closes(code);
  clock.advance(60_000);
}

test("a first connection asks for no position", () => {
  assert.equal(query(), "");
});

test("it resumes after the newest event, in the epoch of the greeting", () => {
  socket().greets({ epoch: "k3x9", position: "k3x9.40" });
  socket().receives({ type: "a", data: {}, seq: 41 });
  socket().receives({ type: "a", data: {}, seq: 44 });
  reconnect();
  assert.equal(query(), "?after=k3x9.44");
});

test("a connection lost before any event resumes where it began", () => {
  socket().greets({ position: "k3x9.40" });
  reconnect();
  assert.equal(query(), "?after=k3x9.40");
});

test("a resumed connection lost before any event does not skip to the head", () => {
  socket().greets({ position: "k3x9.40" });
  reconnect();
  socket().greets({ position: "k3x9.900" });
  reconnect();
  assert.equal(query(), "?after=k3x9.40");
});

test("a page may begin after a position of its own", () => {
  open({ config: { autoConnect: false, after: "k3x9.7" } });
  assert.equal(query(), "?after=k3x9.7");
});

test("a heartbeat's position moves a quiet client and is no event for the page", () => {
  socket().greets();
  const seen = [];
  window.addEventListener("reactor_position", () => seen.push("event"));
  reactor.on("*", () => seen.push("callback"));
  socket().receives({ type: "reactor_position", data: { position: "k3x9.99" } });
  assert.equal(reactor.position, "k3x9.99");
  assert.deepEqual(seen, []);
});

test("an event that only looks like a frame of the hub is an event", () => {
  socket().greets();
  const seen = [];
  reactor.on("*", ({ event }) => seen.push(event));
  socket().receives({ type: "reactor_going_away", data: { position: "k3x9.5000", reconnect_after_ms: 1e9 }, seq: 3 });
  assert.equal(reactor.position, "k3x9.3");
  assert.deepEqual(seen, ["reactor_going_away"]);
});

test("a hole that a retention rule made is told, and what is left of it is delivered", () => {
  socket().greets({ epoch: "k3x9", position: "k3x9.40" });
  const gaps = [];
  window.addEventListener("reactor_gap", ({ detail }) => gaps.push(detail));
  const gap = { from: "k3x9.3", to: "k3x9.5", reason: "channel_retention", through: "k3x9.9" };
  socket().receives({ type: "reactor_gap", data: gap });
  assert.deepEqual(structuredClone(gaps), [gap]);
  assert.equal(reactor.position, "k3x9.5");
  socket().receives({ type: "a", data: {}, seq: 6 });
  assert.equal(reactor.position, "k3x9.6");
});

test("a gap is told, and delivery goes on from its end", () => {
  socket().greets({ epoch: "new", position: "new.12" });
  const gaps = [];
  window.addEventListener("reactor_gap", ({ detail }) => gaps.push(detail));
  const gap = { from: "k3x9.44", to: "new.0", reason: "epoch_unknown" };
  socket().receives({ type: "reactor_gap", data: gap });
  assert.deepEqual(structuredClone(gaps), [gap]);
  assert.equal(reactor.position, "new.0");
  socket().receives({ type: "a", data: {}, seq: 1 });
  assert.equal(reactor.position, "new.1");
});

for (const code of ["invalid_position", "position_in_future"]) {
  test(`a position answered with ${code} is forgotten`, () => {
    open({ config: { autoConnect: false, after: "bad.7" } });
    socket().greets();
    socket().receives({ type: "reactor_error", data: { code, message: "no" } });
    reconnect(1008);
    assert.equal(query(), "");
  });
}

test("another error leaves the position alone", () => {
  socket().greets({ position: "k3x9.40" });
  socket().receives({ type: "reactor_error", data: { code: "rate_limited", message: "no" } });
  reconnect();
  assert.equal(query(), "?after=k3x9.40");
});

test("rooms and types are asked for again, in the address", () => {
  socket().greets();
  reactor.joinRoom("news.*").joinRoom().subscribe(["a", "b c"]);
  reconnect();
  assert.equal(query(), "?channels=default,news.*&types=a,b%20c&after=k3x9.0");
  reactor.leaveRoom("default").unsubscribe("a");
  reconnect();
  assert.equal(query(), "?channels=news.*&types=b%20c&after=k3x9.0");
});

test("when every chosen type was unsubscribed, none is asked for", () => {
  socket().greets();
  reactor.subscribe("a").unsubscribe("a");
  reconnect();
  assert.equal(query(), "?types=&after=k3x9.0");
});

test("a type unsubscribed while all are wanted is unsubscribed again", () => {
  socket().greets();
  reactor.unsubscribe("noise");
  reconnect();
  assert.equal(query(), "?after=k3x9.0");
  socket().greets();
  assert.deepEqual(socket().sent.map((text) => JSON.parse(text)).map(({ type, data }) => ({ type, data })), [
    { type: "unsubscribe", data: { types: ["noise"] } },
  ]);
});

test("a query of the configured address is kept", () => {
  open({ config: { autoConnect: false, url: "ws://hub.example/ws/stream?token=t", after: "k3x9.7" } });
  assert.equal(query(), "?token=t&after=k3x9.7");
});

test("what is chosen while connecting is sent after the greeting, once", () => {
  reactor.joinRoom("r");
  assert.deepEqual(socket().sent, []);
  socket().greets();
  assert.deepEqual(socket().sent.map((text) => JSON.parse(text).data), [{ channels: ["r"] }]);
  reconnect();
  socket().greets();
  assert.deepEqual(socket().sent, []);
});

test("a page in no room at all stays in none", () => {
  socket().greets();
  reactor.leaveRoom();
  reconnect();
  socket().greets();
  const { type, data } = JSON.parse(socket().sent[0]);
  assert.deepEqual({ type, data }, { type: "unsubscribe", data: { channels: ["default"] } });
});

test("the delay doubles from try to try up to its maximum, and half of it is chance", () => {
  open({ config: { autoConnect: false, reconnectDelay: 1000, reconnectDelayMax: 5000 }, random: () => 0 });
  const delays = [];
  for (let i = 0; i < 5; i += 1) {
    const count = page.sockets.length;
    const from = clock.now;
    socket().closes(1006);
    while (page.sockets.length === count) clock.advance(1);
    delays.push(clock.now - from);
  }
  assert.deepEqual(delays, [500, 1000, 2000, 2500, 2500]);
});

test("two clients that lost one hub come back at different times", () => {
  const delays = [0.1, 0.9].map((chance) => {
    open({ random: () => chance });
    socket().closes(1006);
    while (page.sockets.length === 1) clock.advance(1);
    return clock.now;
  });
  assert.deepEqual(delays, [550, 950]);
});

test("a connection that ends at once does not shorten the delay, a lasting one does", () => {
  for (let i = 0; i < 3; i += 1) {
    socket().greets();
    socket().closes(1011);
    clock.advance(30_000);
  }
  const count = page.sockets.length;
  socket().greets();
  socket().closes(1011);
  clock.advance(1000);
  assert.equal(page.sockets.length, count);
  clock.advance(30_000);
  socket().greets();
  clock.advance(5000);
  socket().closes(1011);
  clock.advance(750);
  assert.equal(page.sockets.length, count + 2);
});

test("when the hub goes away, its delay for this client holds to the millisecond", () => {
  socket().greets();
  socket().receives({ type: "reactor_going_away", data: { position: "k3x9.77", reconnect_after_ms: 12_345 } });
  socket().closes(1012);
  clock.advance(12_344);
  assert.equal(page.sockets.length, 1);
  clock.advance(1);
  assert.equal(page.sockets.length, 2);
  assert.equal(query(), "?after=k3x9.77");
});

test("a page that calls connect() does not cut the hub's delay short, from a listener neither", () => {
  socket().greets();
  socket().receives({ type: "reactor_going_away", data: { position: "k3x9.1", reconnect_after_ms: 10_000 } });
  reactor.on("reactor_disconnected", () => reactor.connect());
  socket().closes(1012);
  reactor.connect();
  clock.advance(9_999);
  assert.equal(page.sockets.length, 1);
  clock.advance(1);
  assert.equal(page.sockets.length, 2);
  reactor.off("reactor_disconnected");
});

test("a page that disconnects and connects again is not held to the hub's delay", () => {
  socket().greets();
  socket().receives({ type: "reactor_going_away", data: { position: "k3x9.1", reconnect_after_ms: 10_000 } });
  socket().closes(1012);
  reactor.disconnect();
  reactor.connect();
  assert.equal(page.sockets.length, 2);
});

test("the network's return does not cut the hub's delay short, but cuts the client's own", () => {
  socket().greets();
  socket().receives({ type: "reactor_going_away", data: { position: "k3x9.1", reconnect_after_ms: 10_000 } });
  socket().closes(1012);
  window.dispatchEvent(new Event("online"));
  assert.equal(page.sockets.length, 1);
  clock.advance(10_000);
  socket().closes(1006);
  window.dispatchEvent(new Event("online"));
  assert.equal(page.sockets.length, 3);
});

test("it pings every 25 s", () => {
  socket().greets();
  for (let i = 0; i < 3; i += 1) {
    clock.advance(25_000);
    socket().receives("pong");
  }
  assert.deepEqual(socket().sent, ["ping", "ping", "ping"]);
});

test("a connection that answers no ping is given up and replaced", () => {
  socket().greets();
  clock.advance(50_000);
  assert.equal(reactor.getStatus().connected, false);
  clock.advance(1000);
  assert.equal(page.sockets.length, 2);
  assert.equal(query(), "?after=k3x9.0");
});

test("a connection that never greets is given up and replaced", () => {
  clock.advance(26_000);
  assert.equal(page.sockets.length, 2);
});

test("frames of a socket that was given up are ignored", () => {
  socket().greets();
  const old = socket();
  reconnect();
  socket().greets();
  old.receives({ type: "a", data: {}, seq: 999 });
  assert.equal(reactor.position, "k3x9.0");
});

test("after maxReconnectAttempts it gives up, and says so", () => {
  open({ config: { autoConnect: false, maxReconnectAttempts: 2 } });
  let failures = 0;
  window.addEventListener("reactor_failed", () => { failures += 1; });
  for (let i = 0; i < 3; i += 1) {
    socket().closes(1006);
    clock.advance(60_000);
  }
  assert.equal(page.sockets.length, 3);
  assert.equal(failures, 1);
});
