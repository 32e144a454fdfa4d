import type { ReactElement, ReactNode } from "react";
import type { PulseAIReactor, ReactorSelection, ReactorStatus } from "../reactor.js";

export interface ReactorProviderProps {
  children?: ReactNode;
  /** By default `window.reactor`. */
  reactor?: PulseAIReactor;
}

export interface ReceivedEvent<Data = any> {
  type: string;
  data: Data;
  /** Milliseconds since the epoch. */
  timestamp: number;
}

export interface ReactorValue {
  connected: boolean;
  /** The last 50, newest last. */
  events: ReceivedEvent[];
  /** The last error since the last greeting: what the hub said, or the socket's error event. */
  error: unknown;
  /** False, and nothing sent, without a connection. */
  send(type: string, data?: unknown): boolean;
  subscribe(types: ReactorSelection): void;
  getStatus(): ReactorStatus;
}

export function ReactorProvider(props: ReactorProviderProps): ReactElement;

/** Throws outside a ReactorProvider. */
export function useReactor(): ReactorValue;

export default ReactorProvider;
