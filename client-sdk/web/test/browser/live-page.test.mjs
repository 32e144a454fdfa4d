import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { launch, mark, openPage, publish } from "../support/browser.mjs";

const HEALTH = {
  cpu: { usage: 0.27, cores: 2 }, memory: { used_bytes: 4 * 2 ** 30, total_bytes: 8 * 2 ** 30, usage: 0.5 },
  disk: { used_bytes: 2 ** 34, total_bytes: 2 ** 36, usage: 0.25 },
  network: { received_bytes_per_second: 2048, sent_bytes_per_second: 512 }, load: { average_1m: 0.5 },
};

let browser;

before(async () => {
  browser = await launch();
});

afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

after(() => browser?.close());

async function openLivePage(options) {
  const opened = await openPage(browser, "/", options);
  opened.page.on("console", (message) => {
    if (message.type() === "error") opened.problems.push(message.text());
  });
  await opened.page.locator('#state[data-state="live"]').waitFor();
  return opened;
}

test("an event shows with its channel, type, position and data the moment it is published", async () => {
  const { page, problems } = await openLivePage();
  const text = mark();
  await publish("digest_created", { text }, "digests.daily");
  const row = page.locator("#feed tr", { hasText: text });
  await row.waitFor();
  assert.equal(await row.locator(".type").textContent(), "digest_created");
  assert.equal(await row.locator(".channel").textContent(), "digests.daily");
  assert.match(await row.locator(".position").textContent(), /^.+\.\d+$/);
  assert.match(await row.locator("time").getAttribute("datetime"), /^\d{4}-\d\d-\d\dT/);
  assert.deepEqual(problems, []);
});

test("events from before the page was opened are there", async () => {
  const text = mark();
  await publish("digest_created", { text });
  const { page } = await openLivePage();
  await page.locator("#feed tr", { hasText: text }).waitFor();
});

test("the host's CPU and memory are drawn, and its other figures written", async () => {
  const { page } = await openLivePage({ viewport: { width: 1280, height: 900 } });
  await publish("system_health_check", HEALTH);
  await page.locator('#cpu svg[aria-label="CPU: 27%, 2 cores"]').waitFor();
  await page.locator('#memory svg[aria-label="Memory: 50%, 4.0 GiB of 8.0 GiB"]').waitFor();
  assert.match(await page.getAttribute("#cpu .line", "d"), /^M0\.00 \d/);
  assert.equal(await page.textContent("#disk"), "16 GiB of 64 GiB");
  assert.equal(await page.textContent("#received"), "2.0 KiB/s");
});

test("the totals are the hub's", async () => {
  const { page } = await openLivePage();
  await page.waitForFunction(() => Number(document.querySelector("#clients").textContent) >= 1);
  await page.waitForFunction(() => /^[\d.]+$/.test(document.querySelector("#events-rate").textContent));
});

test("the reader can filter and pause", async () => {
  const { page } = await openLivePage();
  const [wanted, later] = [mark(), mark()];
  await publish("news_processed", { text: wanted });
  await page.locator("#feed tr", { hasText: wanted }).waitFor();
  await page.fill("#filter", wanted);
  await page.waitForFunction(() => document.querySelectorAll("#feed tr").length === 1);
  await page.fill("#filter", "");
  await page.click("#pause");
  await publish("news_processed", { text: later });
  await page.waitForFunction((text) => document.querySelector("#position").textContent !== text,
    await page.textContent("#feed tr:first-child .position"));
  assert.equal(await page.locator("#feed tr", { hasText: later }).count(), 0);
  await page.click("#pause");
  await page.locator("#feed tr", { hasText: later }).waitFor();
});

test("data opens in full, and is text whatever it says", async () => {
  const { page, problems } = await openLivePage();
  const text = `${mark()}<img src=x onerror=alert(1)>`;
  await publish("news_processed", { text });
  const row = page.locator("#feed tr", { hasText: text });
  await row.locator("summary").click();
  assert.equal(await row.locator("pre").textContent(), JSON.stringify({ text }, null, 2));
  assert.equal(await page.locator("#feed img").count(), 0);
  assert.deepEqual(problems, []);
});

for (const colorScheme of ["light", "dark"]) {
  test(`it fits a telephone, ${colorScheme}`, async () => {
    const { page } = await openLivePage({ viewport: { width: 390, height: 844 }, colorScheme });
    await publish("system_health_check", HEALTH);
    await page.locator("#feed tr").first().waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  });
}
