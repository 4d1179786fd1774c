import type { Command, Quality, RefusalText, ServerMsg } from "./types.ts";

const PING_MS = 5_000;
/** Two pings unanswered and the line is taken for dead; the service then counts the agent as 失联 too. */
const SILENT_MS = 11_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 8_000;

/** What is asked; the end of 弹屏示忙 (F86) only where WorkView says that it holds. */
export type Asked = Command | { cmd: "card_closed"; call: number };

export interface LiveHooks {
  open(): void;
  /** `retryMs`: when the next try comes. */
  down(retryMs: number): void;
  message(msg: ServerMsg): void;
  /** What the next ping says of the phone's leg. */
  quality(): Quality | null;
}

/** Where the socket and the clock come from: the browser's, or a test's. */
export interface LiveWorld {
  socket(): WebSocket;
  now(): number;
  after(ms: number, then: () => void): number;
  cancel(timer: number): void;
}

/** The live socket: commands with replies, pings, and coming back by itself. */
export class Live {
  private socket: WebSocket | null = null;
  private req = 0;
  private waiting = new Map<number, (refusal: RefusalText | null) => void>();
  private tries = 0;
  private heard = 0;
  private timer = 0;
  private stopped = true;
  private sentAt = new Map<number, number>();
  /** Round trip of the last ping, ms. */
  rttMs = 0;

  constructor(private readonly hooks: LiveHooks, private readonly world: LiveWorld = browserWorld()) {}

  start(): void {
    this.stopped = false;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    this.world.cancel(this.timer);
    this.drop();
  }

  get up(): boolean {
    return this.socket?.readyState === 1;
  }

  /** Resolves with null when done, with the refusal otherwise. An unreachable service refuses with `page.offline`. */
  send(command: Asked): Promise<RefusalText | null> {
    if (!this.up) return Promise.resolve(OFFLINE);
    const req = ++this.req;
    this.socket!.send(JSON.stringify({ req, ...command }));
    return new Promise((resolve) => this.waiting.set(req, resolve));
  }

  private connect(): void {
    const socket = this.world.socket();
    this.socket = socket;
    this.heard = this.world.now();
    socket.onopen = () => {
      if (socket !== this.socket) return;
      this.tries = 0;
      this.heard = this.world.now();
      this.hooks.open();
      this.ping();
    };
    socket.onmessage = (event) => socket === this.socket && this.take(String(event.data));
    socket.onclose = () => socket === this.socket && this.lost();
    socket.onerror = () => {};
    // A socket that never opens must not wait for the system's own, far longer, limit.
    this.plan(SILENT_MS, () => socket === this.socket && !this.up && this.lost());
  }

  private take(data: string): void {
    this.heard = this.world.now();
    let msg: ServerMsg;
    try {
      msg = JSON.parse(data) as ServerMsg;
    } catch {
      console.warn("live: not JSON", data.slice(0, 200));
      return;
    }
    if (msg.msg === "reply") {
      const sent = this.sentAt.get(msg.req);
      if (sent !== undefined) this.rttMs = this.heard - sent;
      this.sentAt.delete(msg.req);
      this.waiting.get(msg.req)?.(msg.refusal ?? null);
      this.waiting.delete(msg.req);
      return;
    }
    if (msg.msg === "bye") this.stop();
    this.hooks.message(msg);
  }

  private ping(): void {
    if (this.stopped) return;
    if (this.world.now() - this.heard > SILENT_MS) return this.lost();
    if (this.up) {
      this.sentAt.set(this.req + 1, this.world.now());
      void this.send({ cmd: "ping", quality: this.hooks.quality() });
    }
    this.plan(PING_MS, () => this.ping());
  }

  private lost(): void {
    this.drop();
    if (this.stopped) return;
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.tries++);
    this.hooks.down(wait);
    this.plan(wait, () => this.connect());
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    socket?.close();
    this.sentAt.clear();
    for (const [, resolve] of this.waiting) resolve(OFFLINE);
    this.waiting.clear();
  }

  private plan(ms: number, then: () => void): void {
    this.world.cancel(this.timer);
    this.timer = this.world.after(ms, then);
  }
}

/** Shown as the text page.offline. */
const OFFLINE: RefusalText = { code: "page.offline", text: "" };

function browserWorld(): LiveWorld {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  return {
    socket: () => new WebSocket(`${scheme}://${location.host}/api/live`),
    now: () => performance.now(),
    after: (ms, then) => setTimeout(then, ms) as unknown as number,
    cancel: (timer) => clearTimeout(timer),
  };
}
