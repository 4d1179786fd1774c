import assert from "node:assert/strict";
import { test } from "node:test";
import { Live, type LiveWorld } from "./live.ts";
import type { ServerMsg } from "./types.ts";

/** A socket and a clock that do what the test says. */
class World implements LiveWorld {
  clock = 0;
  timers: { at: number; id: number; then: () => void }[] = [];
  sockets: Fake[] = [];
  private id = 0;
  socket(): WebSocket {
    const socket = new Fake();
    this.sockets.push(socket);
    return socket as unknown as WebSocket;
  }
  now(): number {
    return this.clock;
  }
  after(ms: number, then: () => void): number {
    this.timers.push({ at: this.clock + ms, id: ++this.id, then });
    return this.id;
  }
  cancel(id: number): void {
    this.timers = this.timers.filter((timer) => timer.id !== id);
  }
  pass(ms: number): void {
    const end = this.clock + ms;
    for (;;) {
      const next = [...this.timers].sort((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.clock = next.at;
      this.cancel(next.id);
      next.then();
    }
    this.clock = end;
  }
  get last(): Fake {
    return this.sockets[this.sockets.length - 1]!;
  }
}

class Fake {
  readyState = 0;
  sent: { req: number; cmd: string }[] = [];
  onopen = () => {};
  onclose = () => {};
  onmessage = (_: { data: string }) => {};
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.readyState = 1;
    this.onopen();
  }
  say(msg: unknown) {
    this.onmessage({ data: JSON.stringify(msg) });
  }
  break() {
    this.readyState = 3;
    this.onclose();
  }
}

function start() {
  const world = new World();
  const seen: string[] = [];
  const messages: ServerMsg[] = [];
  const live = new Live({ open: () => seen.push("open"), down: (ms) => seen.push(`down ${ms}`), message: (msg) => messages.push(msg), quality: () => null }, world);
  live.start();
  return { world, live, seen, messages };
}

test("pings every five seconds and hangs up a line that is silent for eleven", () => {
  const { world, seen } = start();
  world.last.open();
  world.pass(4_999);
  assert.equal(world.last.sent.length, 1);
  world.pass(1);
  assert.equal(world.last.sent.length, 2);
  world.pass(10_001);
  assert.deepEqual(seen, ["open", "down 500"]);
});

test("comes back sooner first, later then", () => {
  const { world, seen } = start();
  for (let i = 0; i < 6; i++) {
    world.last.break();
    world.pass(8_000);
  }
  assert.deepEqual(seen, ["down 500", "down 1000", "down 2000", "down 4000", "down 8000", "down 8000"]);
  world.last.open();
  world.last.break();
  assert.equal(seen[seen.length - 1], "down 500");
});

test("a reply finds its command, a break refuses those that wait", async () => {
  const { world, live } = start();
  assert.equal((await live.send({ cmd: "sign_in" }))!.code, "page.offline");
  world.last.open();
  const one = live.send({ cmd: "sign_in" });
  const two = live.send({ cmd: "hang_up" });
  const [, first] = world.last.sent;
  world.last.say({ msg: "reply", req: first!.req, refusal: { code: "agent.no_microphone", text: "…" } });
  assert.equal((await one)!.code, "agent.no_microphone");
  world.last.break();
  assert.equal((await two)!.code, "page.offline");
});

test("a goodbye is not fought", () => {
  const { world, messages } = start();
  world.last.open();
  world.last.say({ msg: "bye", code: "session.newer_login", text: "…" });
  world.pass(60_000);
  assert.equal(world.sockets.length, 1);
  assert.equal(messages[0]!.msg, "bye");
});

test("a socket that never opens is given up", () => {
  const { world, seen } = start();
  world.pass(11_001);
  assert.deepEqual(seen, ["down 500"]);
});
