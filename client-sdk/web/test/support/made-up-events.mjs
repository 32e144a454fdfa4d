// Events such as a host and a newsroom would publish, for looking at the live page without either.
const GIB = 2 ** 30;

const STORIES = [
  ["news_processed", "news.world", { title: "Ministers agree on a common grid for the North Sea", credibility: 0.93 }],
  ["news_accepted", "news.world", { id: 48213, desk: "world" }],
  ["ai_prediction_completed", "default", { model: "ranker-7", importance: 0.71, took_ms: 38 }],
  ["digest_created", "digests.daily", { title: "Morning digest", items: 12 }],
  ["user_action", "default", { action: "click", target: "#subscribe" }],
  ["news_rejected", "news.sport", { id: 48214, reason: "duplicate" }],
  ["event_detected", "default", { kind: "surge", keyword: "energy", factor: 3.4 }],
  ["ai_metrics_updated", "default", { credibility: 0.88, importance: 0.64 }],
  ["reactor_heartbeat", "default", { uptime: 86412 }],
];

const health = (step) => {
  const cpu = 0.32 + 0.2 * Math.sin(step / 6) + 0.12 * Math.sin(step / 1.7) + 0.06 * Math.sin(step * 2.3);
  const memory = 0.46 + 0.05 * Math.sin(step / 15);
  return {
    cpu: { usage: Math.max(0.02, cpu), cores: 8 },
    memory: { used_bytes: Math.round(memory * 32 * GIB), total_bytes: 32 * GIB, usage: memory },
    disk: { used_bytes: 182 * GIB, total_bytes: 512 * GIB, usage: 182 / 512 },
    network: { received_bytes_per_second: 1.4e6 + 6e5 * Math.sin(step / 4), sent_bytes_per_second: 4.1e5 },
    load: { average_1m: cpu * 8 },
  };
};

export function makeUpEvents(hub, { before = 90, everyMs = 1000 } = {}) {
  let step = 0;
  const next = () => {
    step += 1;
    hub.publish("system_health_check", health(step), { source: "host" });
    if (step % 3 === 0) {
      const [type, channel, data] = STORIES[(step / 3) % STORIES.length];
      hub.publish(type, data, { channel, source: "newsroom" });
    }
  };
  for (let i = 0; i < before; i += 1) next();
  for (const event of hub.log) {
    event.timestamp = new Date(Date.now() - (hub.log.length - event.seq) * 5000).toISOString();
  }
  return setInterval(next, everyMs);
}
