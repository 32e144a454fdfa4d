// A page without a browser: reactor.js runs in a context of its own with a window that is an EventTarget.
import { readFileSync } from "node:fs";
import vm from "node:vm";
import WebSocket from "ws";

const SOURCE = readFileSync(new URL("../../reactor.js", import.meta.url), "utf8");
const script = new vm.Script(SOURCE, { filename: "reactor.js" });

/** A clock that stands still until it is told to move; its timers run in order of their time. */
export class ManualClock {
  now = 0;
  #timers = new Map();
  #lastId = 0;

  setTimeout = (task, delay = 0) => this.#add(task, delay, null);
  setInterval = (task, delay) => this.#add(task, delay, delay);
  clear = (id) => this.#timers.delete(id);

  #add(task, delay, period) {
    this.#timers.set(++this.#lastId, { task, due: this.now + delay, period });
    return this.#lastId;
  }

  advance(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].filter(([, timer]) => timer.due <= end).sort(([, a], [, b]) => a.due - b.due);
      if (next === undefined) break;
      const [id, timer] = next;
      this.now = timer.due;
      if (timer.period === null) this.#timers.delete(id);
      else timer.due += timer.period;
      timer.task();
    }
    this.now = end;
  }
}

/** A WebSocket whose other end is the test. */
export class ScriptedSocket {
  readyState = 0;
  sent = [];

  constructor(url) {
    this.url = url;
  }

  send(text) {
    this.sent.push(text);
  }

  close() {
    this.readyState = 2;
  }

  greets({ epoch = "k3x9", position = "k3x9.0" } = {}) {
    this.readyState = 1;
    this.receives({ type: "reactor_connected", data: { message: "Connected to PulseAI Reactor", client_id: 7, epoch, position } });
  }

  receives(frame) {
    this.onmessage({ data: typeof frame === "string" ? frame : JSON.stringify(frame) });
  }

  closes(code, reason = "") {
    this.readyState = 3;
    this.onclose({ code, reason });
  }
}

/**
 * A window in which reactor.js has run. With a url sockets and time are real; without one the sockets are scripted,
 * `sockets` lists them, and time stands still but for `clock`.
 */
export function openPage({ config, url, clock = url === undefined ? new ManualClock() : undefined, random = () => 0.5,
  readyState = "complete" } = {}) {
  const window = new EventTarget();
  const sockets = [];
  const errors = [];
  const document = Object.assign(new EventTarget(), { readyState });
  class PageSocket extends ScriptedSocket {
    constructor(address) {
      super(address);
      sockets.push(this);
    }
  }
  Object.assign(window, {
    window, document, URL, EventTarget, CustomEvent, crypto: globalThis.crypto,
    location: new URL(url ?? "http://hub.example/page.html"),
    WebSocket: url === undefined ? PageSocket : WebSocket,
    REACTOR_CONFIG: config,
    console: { log() {}, warn() {}, error: (...message) => errors.push(message) },
    setTimeout: clock?.setTimeout ?? setTimeout, clearTimeout: clock?.clear ?? clearTimeout,
    setInterval: clock?.setInterval ?? setInterval, clearInterval: clock?.clear ?? clearInterval,
    Date: clock === undefined ? Date : class extends Date { static now() { return clock.now; } },
  });
  const context = vm.createContext(window);
  vm.runInContext("Math", context).random = random;
  script.runInContext(context);
  return { window, document, sockets, errors, reactor: window.reactor };
}

/** Waits until the condition gives something true, and returns that. */
export async function until(condition, what, milliseconds = 5000) {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
