// Compiles, or the declarations are wrong. Never run.
import "@reactorhub/web";
import type { PulseAIReactor, Published, ReactorEvent } from "@reactorhub/web";
import DefaultProvider, { ReactorProvider, useReactor } from "@reactorhub/web/react";

// Generation 1
const own: PulseAIReactor = new window.PulseAIReactor({ wsUrl: "ws://hub.example/ws/stream", reconnectInterval: 5000 });
const connected: Promise<void> = own.connect();
window.reactor
  .on<{ count: number }>("news_processed", ({ data, timestamp, id }) => [data.count.toFixed(), timestamp, id])
  .joinRoom("news.*")
  .emit("user_action", { action: "click" })
  .leaveRoom()
  .ping()
  .disconnect();
window.addEventListener("reactor:news_processed", ({ detail }) => detail satisfies ReactorEvent);
const listeners: string[] = window.reactor.getStatus().eventListeners;

// Generation 2
window.reactor.handlers.digest_created = (data) => console.log(data.title);
window.reactor.config.url = () => `ws://hub.example/ws/stream?token=${Date.now()}`;
window.reactor.subscribe(["news_processed"]).subscribe("a,b").subscribe({ channels: ["r"] });
window.addEventListener("reactor_disconnected", ({ detail }) => detail.code + detail.timestamp);
window.addEventListener("reactor_gap", ({ detail: { from, to, reason } }) => [from, to, reason]);
const wasSent: boolean = window.reactor.send("custom", { x: 1 });
const published: Promise<Published> = window.reactor.publish("a", null, { channel: "c", id: "once" });

// React
function Feed() {
  const { connected, events, error, send, subscribe, getStatus } = useReactor();
  subscribe("news_processed");
  return <p onClick={() => send("ping")}>{String(connected) + events[0]?.timestamp.toFixed() + String(error) + getStatus().url}</p>;
}

export const app = <ReactorProvider><DefaultProvider reactor={own}><Feed /></DefaultProvider></ReactorProvider>;

// What must not compile
// @ts-expect-error a callback takes one event
window.reactor.on("a", (event: ReactorEvent, more: string) => more);
// @ts-expect-error the position is the client's to move
window.reactor.position = "k3x9.1";
// @ts-expect-error types are names
window.reactor.subscribe([1]);
// @ts-expect-error a close code is a number
window.addEventListener("reactor_disconnected", ({ detail }) => detail.code.trim());

export { connected, listeners, wasSent, published };
