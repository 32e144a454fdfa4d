// A real browser on pages of the hub's own origin. The hub refuses others, and need not know the tests' pages: they are
// put under its address on the way into the browser. Everything else those pages load comes from the hub.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
  // A page put in by the tests came from no address, and so may not open a socket to a hub on the loopback interface.
  "--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets",
];

if (!process.env.HUB_URL) throw new Error("HUB_URL is not set: it names a running hub, such as http://127.0.0.1:8080");
if (!existsSync(CHROMIUM)) throw new Error(`there is no Chromium at ${CHROMIUM}: install it, or set CHROMIUM to its path`);

export const HUB_URL = process.env.HUB_URL.replace(/\/$/, "");

export const launch = () => chromium.launch({ executablePath: CHROMIUM, args: FLAGS });

export const mark = () => `mark-${Math.random().toString(36).slice(2)}`;

export async function publish(type, data, channel = "default") {
  const response = await fetch(`${HUB_URL}/api/v1/events`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ type, channel, data }),
  });
  if (!response.ok) throw new Error(`publishing ${type}: ${response.status} ${await response.text()}`);
}

/** Opens a page, with the files of `folder`, if any, under HUB_URL/test/. `problems` collects what a reader never sees. */
export async function openPage(browser, path, { folder, ...options } = {}) {
  const page = await browser.newPage(options);
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(HUB_URL)) problems.push(`request to ${request.url()}`);
  });
  // Remembers the page's sockets, so that a test can lose one.
  await page.addInitScript(() => {
    window.sockets = [];
    window.WebSocket = class extends WebSocket {
      constructor(...args) {
        super(...args);
        window.sockets.push(this);
      }
    };
  });
  if (folder) {
    await page.route(`${HUB_URL}/test/**`, (route) =>
      route.fulfill({ path: `${folder}/${new URL(route.request().url()).pathname.slice("/test/".length)}` }));
  }
  await page.goto(HUB_URL + path);
  return { page, problems };
}

/** The texts of the page's log entries of one kind, once there are at least `count`. */
export async function entries(page, kind, count = 1) {
  const items = page.locator(`#log [data-kind="${kind}"]`);
  await items.nth(count - 1).waitFor({ timeout: 10_000 });
  return items.allTextContents();
}
