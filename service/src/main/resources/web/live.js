// The live page: what the hub is doing, drawn from what any client can see. It is an ordinary page of reactor.js.
"use strict";
(() => {
  // Of the log's end, replayed when the page opens, so that it starts with a picture and not with nothing.
  const REPLAY_EVENTS = 200;
  const ROWS_MAX = 100;
  const SAMPLES_MAX = 120;
  const STATS_INTERVAL_MS = 2000;
  // The hub says when this page falls behind, and again for as long as it does.
  const LAG_SHOWN_MS = 5000;
  const PREVIEW_CHARACTERS = 200;

  const channels = new URLSearchParams(location.search).get("channels")?.split(",") ?? [">"];
  window.REACTOR_CONFIG = { autoConnect: false, channels };

  const byId = (id) => document.getElementById(id);
  const whole = new Intl.NumberFormat("en");
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

  const percent = (share) => `${Math.round(share * 100)}%`;

  /** 1536 → "1.5 KiB". */
  function bytes(count) {
    if (!Number.isFinite(count)) return "–";
    const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
    const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10));
    const value = count / 1024 ** power;
    return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
  }

  function element(name, className, text) {
    const node = document.createElement(name);
    node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  }

  // ---- Connection

  function showState(state, text) {
    const node = byId("state");
    node.dataset.state = state;
    if (node.textContent !== text) node.textContent = text;
  }

  function followConnection(reactor) {
    let isGoingAway = false;
    let lagTimer = null;
    reactor
      .on("reactor_connected", () => {
        isGoingAway = false;
        showState("live", "Live");
      })
      .on("reactor_going_away", ({ data }) => {
        isGoingAway = true;
        showState("waiting", `Hub is restarting, back in ${Math.ceil(data.reconnect_after_ms / 1000)} s`);
      })
      .on("reactor_disconnected", () => {
        if (!isGoingAway) showState("waiting", "Connection lost, trying again");
      })
      .on("reactor_lagging", () => {
        showState("waiting", "Catching up");
        clearTimeout(lagTimer);
        lagTimer = setTimeout(() => { if (reactor.connected) showState("live", "Live"); }, LAG_SHOWN_MS);
      })
      .on("reactor_failed", ({ data }) => showState("failed", `Not connected: ${data.message}`));
  }

  // ---- Host

  class Chart {
    #root;
    #name;
    #samples = [];

    constructor(id, name) {
      this.#root = byId(id);
      this.#name = name;
    }

    add(time, share, detail) {
      if (!Number.isFinite(share)) return;
      this.#samples.push({ time, share: Math.min(1, Math.max(0, share)) });
      if (this.#samples.length > SAMPLES_MAX) this.#samples.shift();
      this.#find(".value").textContent = percent(share);
      this.#find(".detail").textContent = detail;
      this.#find("svg").setAttribute("aria-label", `${this.#name}: ${percent(share)}, ${detail}`);
    }

    draw() {
      if (this.#samples.length === 0) return;
      const first = this.#samples[0].time;
      const duration = Math.max(1, this.#samples.at(-1).time - first);
      const points = this.#samples.map(({ time, share }) =>
        `${(((time - first) / duration) * 100).toFixed(2)} ${((1 - share) * 100).toFixed(2)}`);
      if (points.length === 1) points.push(`100 ${points[0].split(" ")[1]}`);
      this.#find(".line").setAttribute("d", `M${points.join("L")}`);
      this.#find(".area").setAttribute("d", `M0 100L${points.join("L")}L100 100Z`);
      const minutes = Math.round(duration / 60_000);
      this.#find(".span").textContent = minutes >= 1 ? `last ${minutes} min` : `last ${Math.round(duration / 1000)} s`;
    }

    #find(selector) {
      return this.#root.querySelector(selector);
    }
  }

  function followHost(reactor, requestDraw) {
    const cpu = new Chart("cpu", "CPU");
    const memory = new Chart("memory", "Memory");
    const show = (id, text) => { byId(id).textContent = text; };
    reactor.on("system_health_check", ({ data, timestamp }) => {
      const time = Date.parse(timestamp) || Date.now();
      cpu.add(time, data.cpu?.usage, data.cpu?.cores ? `${data.cpu.cores} cores` : "");
      memory.add(time, data.memory?.usage, `${bytes(data.memory?.used_bytes)} of ${bytes(data.memory?.total_bytes)}`);
      if (data.load) show("load", data.load.average_1m?.toFixed(2) ?? "–");
      if (data.disk) show("disk", `${bytes(data.disk.used_bytes)} of ${bytes(data.disk.total_bytes)}`);
      if (data.network) {
        show("received", `${bytes(data.network.received_bytes_per_second)}/s`);
        show("sent", `${bytes(data.network.sent_bytes_per_second)}/s`);
      }
      requestDraw();
    });
    return () => {
      cpu.draw();
      memory.draw();
    };
  }

  // ---- Events

  function preview(data) {
    const text = JSON.stringify(data) ?? "";
    return text.length > PREVIEW_CHARACTERS ? `${text.slice(0, PREVIEW_CHARACTERS)}…` : text;
  }

  function eventRow({ event, data, timestamp, channel, source, position }) {
    const row = element("tr", "new");
    const time = element("time", "");
    const date = new Date(timestamp ?? Date.now());
    time.dateTime = Number.isNaN(date.valueOf()) ? "" : date.toISOString();
    time.textContent = time.dateTime === "" ? "–" : clock.format(date);
    time.title = `${time.dateTime} from ${source}`;
    const timeCell = element("td", "time");
    timeCell.append(time);
    const details = element("details", "");
    details.append(element("summary", "", preview(data)));
    // Most are never opened: the full text is made for those that are.
    details.addEventListener("toggle", () => {
      if (details.children.length === 1) details.append(element("pre", "", JSON.stringify(data, null, 2)));
    });
    const dataCell = element("td", "data");
    dataCell.append(details);
    row.append(timeCell, element("td", "type", event), element("td", "channel", channel ?? "default"),
      element("td", "position", position ?? "–"), dataCell);
    return row;
  }

  function gapRow({ from, to, reason }) {
    const row = element("tr", "gap");
    const cell = element("td", "", `Events after ${from} up to ${to} are no longer in the log (${reason}).`);
    cell.colSpan = 5;
    row.append(cell);
    return row;
  }

  function followEvents(reactor, requestDraw) {
    // Newest first.
    const entries = [];
    // What was there when the reader paused, or null: newer events wait in `entries`.
    let paused = null;
    let isStale = false;
    const nothingYet = byId("empty").textContent;
    const changed = () => {
      isStale = true;
      requestDraw();
    };
    const add = (entry) => {
      entries.unshift(entry);
      if (entries.length > ROWS_MAX) entries.pop();
      changed();
    };
    reactor
      .on("*", (event) => add({ event, text: `${event.channel} ${event.event} ${preview(event.data)}`.toLowerCase() }))
      .on("reactor_gap", ({ data }) => add({ gap: data, text: "" }));

    byId("filter").addEventListener("input", changed);
    byId("pause").addEventListener("click", ({ currentTarget }) => {
      paused = paused === null ? [...entries] : null;
      currentTarget.setAttribute("aria-pressed", String(paused !== null));
      currentTarget.textContent = paused === null ? "Pause" : "Resume";
      changed();
    });

    return () => {
      byId("position").textContent = reactor.position ?? "–";
      if (!isStale) return;
      isStale = false;
      const wanted = byId("filter").value.trim().toLowerCase();
      const rows = (paused ?? entries).filter(({ gap, text }) => gap || text.includes(wanted))
        .map((entry) => (entry.row ??= entry.gap ? gapRow(entry.gap) : eventRow(entry.event)));
      showRows(rows);
      byId("empty").hidden = rows.length > 0;
      byId("empty").textContent = entries.length === 0 ? nothingYet : "None of the newest events contains this.";
    };
  }

  /** Makes the table hold these rows, and touches only what changes: an opened row stays open, the focus stays put. */
  function showRows(rows) {
    const feed = byId("feed");
    const kept = new Set(rows);
    for (const row of [...feed.children]) if (!kept.has(row)) row.remove();
    rows.forEach((row, index) => {
      if (feed.children[index] !== row) feed.insertBefore(row, feed.children[index] ?? null);
    });
  }

  // ---- Totals

  function followTotals() {
    let last = null;
    const poll = async () => {
      try {
        const response = await fetch("/ws/stats", { cache: "no-store" });
        const stats = await response.json();
        const now = { total: stats.ws_events_emitted_total, at: performance.now() };
        byId("events-total").textContent = whole.format(now.total);
        byId("clients").textContent = whole.format(stats.connected_clients);
        if (last !== null && now.total >= last.total) {
          const rate = ((now.total - last.total) * 1000) / (now.at - last.at);
          byId("events-rate").textContent = rate < 10 ? rate.toFixed(1) : whole.format(Math.round(rate));
        }
        last = now;
      } catch {
        // The connection's state says that the hub cannot be reached; old totals would only pretend otherwise.
        for (const id of ["events-total", "events-rate", "clients"]) byId(id).textContent = "–";
        last = null;
      }
      setTimeout(poll, STATS_INTERVAL_MS);
    };
    poll();
  }

  // ---- Start

  /** A position a little before the log's end, or null when the hub does not tell. */
  async function startingPosition() {
    try {
      const response = await fetch("/api/v1/events?limit=1", { cache: "no-store" });
      const { head } = await response.json();
      const dot = head.lastIndexOf(".");
      return `${head.slice(0, dot)}.${Math.max(0, Number(head.slice(dot + 1)) - REPLAY_EVENTS)}`;
    } catch {
      return null;
    }
  }

  document.addEventListener("DOMContentLoaded", async () => {
    const { reactor } = window;
    const views = [];
    let isDrawRequested = false;
    // However fast events arrive, the page is drawn once a frame.
    const requestDraw = () => {
      if (isDrawRequested) return;
      isDrawRequested = true;
      requestAnimationFrame(() => {
        isDrawRequested = false;
        for (const draw of views) draw();
      });
    };
    followConnection(reactor);
    views.push(followHost(reactor, requestDraw), followEvents(reactor, requestDraw));
    followTotals();
    reactor.config.after = await startingPosition();
    reactor.connect();
  });
})();
