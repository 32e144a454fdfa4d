import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { HUB_URL, entries, launch, mark, openPage, publish } from "../support/browser.mjs";

const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));

let browser;
let builtReactPage;

before(async () => {
  builtReactPage = await mkdtemp(join(tmpdir(), "reactor-react-page-"));
  await build({
    root: join(FIXTURES, "react"), base: "/test/", logLevel: "error",
    build: { outDir: builtReactPage, emptyOutDir: true },
  });
  browser = await launch();
});

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

after(async () => {
  await browser?.close();
  await rm(builtReactPage, { recursive: true });
});

const openFixture = (name) => openPage(browser, `/test/${name}`, { folder: FIXTURES });

async function openReactPage() {
  const opened = await openPage(browser, "/test/index.html", { folder: builtReactPage });
  await opened.page.locator("#state", { hasText: "connected" }).waitFor();
  return opened;
}

/** Loses the page's connection, and says when the page has seen it. */
const loseConnection = (page) => page.evaluate(() => new Promise((resolve) => {
  window.addEventListener("reactor_disconnected", resolve, { once: true });
  window.sockets.at(-1).close();
}).then(() => {}));

test("a page written for generation 1 gets events in both of its forms, although one listener fails", async () => {
  const { page, problems } = await openFixture("gen1.html");
  assert.deepEqual(await entries(page, "connected"), ["true"]);
  const news = mark();
  await publish("news_processed", { mark: news });
  assert.deepEqual(await entries(page, "callback"), [`news_processed ${news} system string string`]);
  assert.deepEqual(await entries(page, "window"), [`news_processed ${news} news_processed`]);
  assert.deepEqual(problems, []);
});

test("a page written for generation 1 joins and leaves rooms", async () => {
  const { page } = await openFixture("gen1.html");
  await entries(page, "connected");
  const room = mark();
  const acknowledged = (call, type) => page.evaluate(([method, name, event]) => new Promise((resolve) => {
    window.addEventListener(event, resolve, { once: true });
    window.reactor[method](name);
  }).then(() => {}), [call, room, type]);
  await acknowledged("joinRoom", "reactor_subscribed");
  await publish("room_news", { mark: "inside" }, room);
  assert.deepEqual(await entries(page, "room"), ["inside"]);
  await acknowledged("leaveRoom", "reactor_unsubscribed");
  await publish("room_news", { mark: "outside" }, room);
  await publish("room_news", { mark: "default room" });
  assert.deepEqual(await entries(page, "room", 2), ["inside", "default room"]);
});

test("what a page written for generation 1 emits reaches another page", async () => {
  const [{ page: one }, { page: other }] = [await openFixture("gen1.html"), await openFixture("gen1.html")];
  await entries(one, "connected");
  await entries(other, "connected");
  const action = mark();
  await one.evaluate((text) => { window.reactor.emit("user_action", { mark: text }); }, action);
  assert.deepEqual(await entries(other, "echo"), [action]);
  assert.deepEqual(await entries(one, "echo"), [action]);
});

test("a page written for generation 2 gets events as CustomEvent and in its handler", async () => {
  const { page, problems } = await openFixture("gen2.html");
  assert.match((await entries(page, "connected"))[0], /Connected to PulseAI Reactor/);
  const news = mark();
  await publish("news_processed", { mark: news });
  assert.deepEqual(await entries(page, "window"), [news]);
  assert.deepEqual(await entries(page, "handler"), [news]);
  const { connected, readyState, reconnectAttempts, url } = await page.evaluate(() => window.reactor.getStatus());
  assert.deepEqual({ connected, readyState, reconnectAttempts, url }, {
    connected: true, readyState: 1, reconnectAttempts: 0, url: `${HUB_URL.replace("http", "ws")}/ws/stream`,
  });
  assert.deepEqual(problems, []);
});

test("a page written for generation 2 that subscribes gets those types only", async () => {
  const { page } = await openFixture("gen2.html");
  await entries(page, "connected");
  await page.evaluate(() => { window.reactor.subscribe(["digest_created"]); });
  assert.deepEqual(await entries(page, "subscribed"), ["digest_created"]);
  const digest = mark();
  await publish("news_processed", { mark: "not asked for" });
  await publish("digest_created", { mark: digest });
  assert.deepEqual(await entries(page, "digest"), [digest]);
  assert.equal(await page.locator('[data-kind="window"]').count(), 0);
});

test("disconnect() of a generation 2 page is told to it and is final", async () => {
  const { page } = await openFixture("gen2.html");
  await entries(page, "connected");
  await page.evaluate(() => { window.reactor.disconnect(); });
  assert.deepEqual(await entries(page, "disconnected"), ["1000 string number"]);
  await page.waitForFunction(() => window.sockets[0].readyState === WebSocket.CLOSED);
  assert.equal(await page.evaluate(() => window.sockets.length), 1);
});

test("events published while a page has no connection arrive afterwards, once and in order", async () => {
  const { page } = await openFixture("gen2.html");
  await entries(page, "connected");
  const marks = Array.from({ length: 20 }, mark);
  await publish("news_processed", { mark: marks[0] });
  await entries(page, "window");
  await loseConnection(page);
  for (const text of marks.slice(1, -1)) await publish("news_processed", { mark: text });
  await entries(page, "connected", 2);
  await publish("news_processed", { mark: marks.at(-1) });
  assert.deepEqual(await entries(page, "window", marks.length), marks);
});

test("types and rooms hold over a reconnect", async () => {
  const { page } = await openFixture("gen2.html");
  await entries(page, "connected");
  const room = mark();
  await page.evaluate((name) => { window.reactor.subscribe("digest_created").joinRoom(name); }, room);
  await entries(page, "subscribed", 2);
  await loseConnection(page);
  await entries(page, "connected", 2);
  await publish("news_processed", { mark: "not asked for" }, room);
  await publish("digest_created", { mark: "in the room" }, room);
  assert.deepEqual(await entries(page, "digest"), ["in the room"]);
  assert.equal(await page.locator('[data-kind="window"]').count(), 0);
});

test("a React page shows events, and the hook outside a provider says what is wrong", async () => {
  const { page } = await openReactPage();
  const news = mark();
  await publish("react_news", { mark: news });
  assert.deepEqual(await entries(page, "react_news"), [`${news} number`]);
  assert.equal(await page.textContent("#outside"), "useReactor must be used within a ReactorProvider");
  assert.equal(await page.textContent("#same"), "true");
  assert.equal(await page.textContent("#url"), `${HUB_URL.replace("http", "ws")}/ws/stream`);
});

test("a React page keeps the last 50 events and the hub's last error", async () => {
  const { page } = await openReactPage();
  await page.click("#subscribe");
  await page.waitForFunction(() => window.reactor.getStatus().subscribedEvents.includes("react_news"));
  for (let i = 0; i < 60; i += 1) await publish("react_news", { mark: i });
  await page.locator("#log li", { hasText: "59 number" }).waitFor();
  const shown = await entries(page, "react_news", 50);
  assert.equal(shown.length, 50);
  assert.deepEqual([shown[0], shown[49]], ["10 number", "59 number"]);
  await page.click("#fail");
  await page.waitForFunction(() => document.querySelector("#error").textContent !== "none");
});
