// reactor.js over real sockets, against a hub of the tests' own.
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { FakeHub } from "../support/fake-hub.mjs";
import { openPage, until } from "../support/page.mjs";

let hub;
let reactors;

beforeEach(async () => {
  hub = await FakeHub.start();
  reactors = [];
});

afterEach(async () => {
  for (const reactor of reactors) reactor.disconnect();
  await hub.stop();
});

/** A connected page, with everything it was given in `events`. */
async function connect(config = {}) {
  const { reactor, window } = openPage({ url: hub.url, config: { autoConnect: false, reconnectDelay: 10, ...config } });
  reactors.push(reactor);
  const events = [];
  reactor.on("*", (event) => events.push(event));
  await reactor.connect();
  return { reactor, window, events, numbers: () => events.map(({ data }) => data.n) };
}

test("events published while a page was away arrive, each once and in order", async () => {
  const { numbers, reactor } = await connect();
  const expected = [];
  for (let round = 0; round < 5; round += 1) {
    for (let i = 0; i < 20; i += 1) {
      const n = round * 20 + i;
      expected.push(n);
      hub.publish("a", { n });
      if (i === 7) hub.cut();
    }
    await until(() => reactor.connected && numbers().length === expected.length, `round ${round}`);
  }
  assert.deepEqual(numbers(), expected);
});

test("a room's events arrive after joining it and no longer after leaving it, over a reconnect too", async () => {
  const { reactor, numbers } = await connect();
  const joined = new Promise((resolve) => reactor.on("reactor_subscribed", resolve));
  reactor.joinRoom("news.*");
  await joined;
  hub.publish("a", { n: 1 }, { channel: "news.world" });
  hub.publish("a", { n: 2 }, { channel: "sport" });
  hub.cut();
  hub.publish("a", { n: 3 }, { channel: "news.sport" });
  await until(() => numbers().length === 2, "the room's events");
  const left = new Promise((resolve) => reactor.on("reactor_unsubscribed", resolve));
  reactor.leaveRoom("news.*");
  await left;
  hub.publish("a", { n: 4 }, { channel: "news.world" });
  hub.publish("a", { n: 5 });
  await until(() => numbers().length === 3, "the event after leaving");
  assert.deepEqual(numbers(), [1, 3, 5]);
});

test("publishing brings the event's place in the log", async () => {
  const { reactor, events } = await connect();
  const first = await reactor.publish("a", { n: 1 }, { id: "once" });
  const second = await reactor.publish("a", { n: 1 }, { id: "once" });
  assert.deepEqual(structuredClone([first, second]), [
    { id: "once", seq: 1, position: "k3x9.1", duplicate: false },
    { id: "once", seq: 1, position: "k3x9.1", duplicate: true },
  ]);
  assert.equal(events.length, 1);
});

test("a refused event rejects with the hub's code and is told as reactor_error", async () => {
  const { reactor, window } = await connect();
  const told = new Promise((resolve) => window.addEventListener("reactor_error", ({ detail }) => resolve(detail.code)));
  await assert.rejects(reactor.publish("no such type", {}), { code: "invalid_name" });
  assert.equal(await told, "invalid_name");
});

test("an event emitted without a connection is published once there is one", async () => {
  const { reactor } = openPage({ url: hub.url, config: { autoConnect: false } });
  reactors.push(reactor);
  reactor.emit("user_action", { n: 1 });
  assert.equal(hub.log.length, 0);
  await reactor.connect();
  await until(() => hub.log.length === 1, "the event");
  assert.deepEqual(hub.log[0].data, { n: 1 });
});

test("an event whose acknowledgement was lost is sent again and stored once", async () => {
  const { reactor } = await connect();
  hub.withholdsAcknowledgements = true;
  const published = reactor.publish("a", { n: 1 });
  await until(() => hub.log.length === 1, "the event stored");
  hub.withholdsAcknowledgements = false;
  hub.cut();
  assert.equal((await published).duplicate, true);
  assert.equal(hub.log.length, 1);
});

test("beyond unacknowledgedMax publishing fails instead of piling up", async () => {
  const { reactor } = openPage({ url: hub.url, config: { autoConnect: false, unacknowledgedMax: 2 } });
  reactors.push(reactor);
  reactor.emit("a").emit("a");
  await assert.rejects(reactor.publish("a"), { code: "too_many_unacknowledged" });
});

test("what retention has passed is told as a gap, and delivery goes on after it", async () => {
  const { reactor, window, numbers } = await connect();
  const gaps = [];
  window.addEventListener("reactor_gap", ({ detail }) => gaps.push(detail));
  reactor.disconnect();
  for (let n = 0; n < 10; n += 1) hub.publish("a", { n });
  hub.trimmedTo = 6;
  await reactor.connect();
  await until(() => numbers().length === 4, "the events kept");
  assert.deepEqual(structuredClone(gaps), [{ from: "k3x9.0", to: "k3x9.6", reason: "position_expired" }]);
  assert.deepEqual(numbers(), [6, 7, 8, 9]);
});

test("a recreated log is told as a gap, and positions are of its epoch from then on", async () => {
  const { reactor, window, numbers } = await connect();
  const gaps = [];
  window.addEventListener("reactor_gap", ({ detail }) => gaps.push(detail.reason));
  hub.publish("a", { n: 1 });
  await until(() => numbers().length === 1, "the first event");
  hub.epoch = "z7";
  hub.log = [];
  hub.cut();
  await until(() => gaps.length === 1, "the gap");
  hub.publish("a", { n: 2 });
  await until(() => numbers().length === 2, "the event of the new log");
  assert.deepEqual(gaps, ["epoch_unknown"]);
  assert.equal(reactor.position, "z7.1");
});

test("a hub that goes away is returned to, and nothing of the time between is missed", async () => {
  const { numbers } = await connect();
  hub.goAway(30);
  await until(() => hub.sessions.size === 0, "the session's end");
  hub.publish("a", { n: 1 });
  await until(() => numbers().length === 1, "the event");
  assert.equal(hub.requests.at(-1), "/ws/stream?after=k3x9.0");
});

test("a position the hub does not accept is forgotten, and the page lives on", async () => {
  const { numbers } = await connect({ after: "nonsense" });
  await until(() => hub.requests.length === 2 && hub.sessions.size === 1, "the second try");
  hub.publish("a", { n: 1 });
  await until(() => numbers().length === 1, "the event");
  assert.deepEqual(hub.requests, ["/ws/stream?after=nonsense", "/ws/stream"]);
});
