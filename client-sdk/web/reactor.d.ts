/** Milliseconds unless said otherwise. */
export interface ReactorConfig {
  /** Default: `/ws/stream` of the page's host. A function is asked before every connection. */
  url: string | (() => string) | null;
  autoConnect: boolean;
  /** Rooms to begin with; read once. */
  channels: string[];
  /** Event types to begin with, none meaning all; read once. */
  types: string[];
  /** Begin after this position, "<epoch>.<seq>". */
  after: string | null;
  heartbeatInterval: number;
  reconnectDelay: number;
  reconnectDelayMax: number;
  maxReconnectAttempts: number;
  /** Published events waiting for the hub's acknowledgement, at most. */
  unacknowledgedMax: number;
}

/** As generation 1 names some of them. */
export interface ReactorOptions extends Partial<ReactorConfig> {
  wsUrl?: string;
  reconnectInterval?: number;
}

export interface ReactorEvent<Data = any> {
  event: string;
  data: Data;
  source: string;
  /** RFC 3339; undefined for what the hub says about the connection itself. */
  timestamp?: string;
  id?: string;
  channel?: string;
  seq?: number;
  /** The newest position delivered, this event's included. */
  position: string | null;
  /** The frame as it came. */
  originalEvent: Record<string, unknown>;
}

export interface ReactorStatus {
  connected: boolean;
  readyState: number;
  reconnectAttempts: number;
  url: string;
  wsUrl: string;
  subscribedEvents: string[];
  eventListeners: string[];
  rooms: string[];
  position: string | null;
  clientId: string | number | null;
}

export interface Published {
  id: string;
  seq: number;
  position: string;
  /** An event with this id was stored before; the position is that one's. */
  duplicate: boolean;
}

/** A comma-separated text, an array of types, or both kinds of name. */
export type ReactorSelection = string | readonly string[] | { types?: readonly string[]; channels?: readonly string[] };

export type ReactorCallback<Data = any> = (event: ReactorEvent<Data>) => void;

export declare class PulseAIReactor {
  constructor(options?: string | ReactorOptions);
  config: ReactorConfig;
  handlers: Record<string, (data: any) => void>;
  readonly connected: boolean;
  readonly position: string | null;
  connect(): Promise<void>;
  disconnect(): this;
  ping(): this;
  getStatus(): ReactorStatus;
  /** The event "*" stands for every event. */
  on<Data = any>(event: string, callback: ReactorCallback<Data>): this;
  off(event: string, callback?: ReactorCallback): this;
  subscribe(events: ReactorSelection): this;
  unsubscribe(events: ReactorSelection): this;
  joinRoom(room?: string): this;
  leaveRoom(room?: string): this;
  emit(event: string, data?: unknown): this;
  publish(type: string, data?: unknown, options?: { channel?: string; id?: string }): Promise<Published>;
  send(type: string, data?: unknown): boolean;
}

export interface ReactorDisconnected {
  code: number;
  reason: string;
  timestamp: number;
}

export interface ReactorError {
  code: string;
  message: string;
  limit?: unknown;
  error?: unknown;
  timestamp?: number;
}

export interface ReactorGap {
  from: string;
  /** Delivery goes on after this position. */
  to: string;
  reason: string;
  /** With the reason `channel_retention`: the newest event that is missing; what is left before it follows. */
  through?: string;
}

declare global {
  interface Window {
    PulseAIReactor: typeof PulseAIReactor;
    reactor: PulseAIReactor;
    REACTOR_CONFIG?: ReactorOptions;
  }

  interface WindowEventMap {
    reactor_connected: CustomEvent<{ message: string; client_id: string | number; timestamp: number }>;
    reactor_disconnected: CustomEvent<ReactorDisconnected>;
    reactor_error: CustomEvent<ReactorError>;
    reactor_failed: CustomEvent<{ message: string; timestamp: number }>;
    reactor_gap: CustomEvent<ReactorGap>;
    [event: `reactor:${string}`]: CustomEvent<ReactorEvent>;
  }
}
