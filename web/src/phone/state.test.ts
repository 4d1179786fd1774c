import assert from "node:assert/strict";
import { test } from "node:test";
import type { SeatState, SeatView } from "../types.ts";
import { START, type Effect, type Event, type Phone, banner, micLive, step } from "./state.ts";

const seat = (state: SeatState, more: Partial<SeatView> = {}): SeatView => ({
  seat: 2, state, since: 0, auto_answer: true, phone: false, today_calls: 0, today_talk_s: 0, ...more,
});

/** Plays events and returns the phone and everything it asked for, in words. */
function play(events: Event[], from: Phone = START): [Phone, string[]] {
  const asked: string[] = [];
  let phone = from;
  for (const event of events) {
    const [next, effects] = step(phone, event);
    phone = next;
    asked.push(...effects.map(word));
  }
  return [phone, asked];
}

const word = (effect: Effect): string => ("number" in effect ? `dial ${effect.number}` : "afterMs" in effect ? "retry" : effect.do);

const OPEN: Event[] = [{ on: "online", yes: true }, { on: "seat", seat: seat("signed_out") }];
const IN: Event[] = [
  ...OPEN, { on: "want", yes: true }, { on: "mic", mic: "granted" }, { on: "leg", up: true }, { on: "signed", refused: null },
  { on: "seat", seat: seat("idle", { phone: true }) },
];

test("nothing is asked for until the click", () => {
  const [phone, asked] = play(OPEN);
  assert.deepEqual(asked, []);
  assert.equal(banner(phone), "not_granted");
});

test("signing in goes microphone, leg, command, in this order", () => {
  const [phone, asked] = play(IN);
  assert.deepEqual(asked, ["ask_mic", "open_leg", "sign_in"]);
  assert.equal(phone.owed, false);
  assert.equal(banner(phone), null);
});

test("the command waits for the leg, the leg for the socket", () => {
  const [offline, none] = play([{ on: "want", yes: true }, { on: "mic", mic: "granted" }]);
  assert.deepEqual(none, ["ask_mic"]);
  const [, then] = play([{ on: "online", yes: true }, { on: "seat", seat: seat("signed_out") }], offline);
  assert.deepEqual(then, ["open_leg"]);
});

test("a denied microphone opens nothing, and a second click asks again", () => {
  const [phone, asked] = play([...OPEN, { on: "want", yes: true }, { on: "mic", mic: "denied" }]);
  assert.deepEqual(asked, ["ask_mic", "release_mic"]);
  assert.equal(banner(phone), "denied");
  assert.equal(phone.wanted, false);
  const [, again] = play([{ on: "want", yes: true }, { on: "mic", mic: "granted" }], phone);
  assert.deepEqual(again, ["ask_mic", "open_leg"]);
});

test("after the socket broke it signs in again over the standing leg", () => {
  const [phone] = play(IN);
  const [, asked] = play([{ on: "online", yes: false }, { on: "online", yes: true }, { on: "seat", seat: seat("lost") }], phone);
  assert.deepEqual(asked, ["sign_in"]);
});

test("a broken leg is opened anew after a wait, with the sign-in after it", () => {
  const [phone] = play(IN);
  const [broken, first] = play([{ on: "leg", up: false }], phone);
  assert.deepEqual(first, ["close_leg", "retry"]);
  const [, then] = play([{ on: "retry" }, { on: "leg", up: true }], broken);
  assert.deepEqual(then, ["open_leg", "sign_in"]);
});

test("tries of the leg come further and further apart", () => {
  let [phone] = play(IN);
  const waits: number[] = [];
  for (let i = 0; i < 7; i++) {
    const [broken, effects] = step(phone, { on: "leg", up: false });
    for (const effect of effects) if (effect.do === "retry") waits.push(effect.afterMs);
    [phone] = step(broken, { on: "retry" });
  }
  assert.deepEqual(waits, [...waits].sort((a, b) => a - b));
  assert.equal(waits[6], 8_000);
});

test("signed out by the supervisor stays out", () => {
  const [phone] = play(IN);
  const [out, asked] = play([{ on: "seat", seat: seat("signed_out") }], phone);
  assert.deepEqual(asked, ["close_leg", "release_mic"]);
  assert.equal(out.wanted, false);
});

test("counted 失联 while the socket stands: signs in again by itself", () => {
  const [phone] = play(IN);
  const [, asked] = play([{ on: "seat", seat: seat("lost") }], phone);
  assert.deepEqual(asked, ["sign_in"]);
});

test("signing out during a call keeps the leg until the call is over", () => {
  const [phone] = play([...IN, { on: "seat", seat: seat("talking", { call: 7 }) }]);
  const [leaving, asked] = play([{ on: "want", yes: false }, { on: "seat", seat: seat("talking", { call: 7, after_call: "signed_out" }) }], phone);
  assert.deepEqual(asked, ["sign_out"]);
  assert.equal(leaving.leg, "up");
  const [, then] = play([{ on: "seat", seat: seat("signed_out") }], leaving);
  assert.deepEqual(then, ["close_leg", "release_mic"]);
});

test("the service hears of the leg a moment later: refused for no microphone, tries again; not for ever", () => {
  const refused: Event[] = Array.from({ length: 6 }, () => [{ on: "signed", refused: "agent.no_microphone" }, { on: "retry" }] as Event[]).flat().slice(0, -1);
  const [up] = play([...OPEN, { on: "want", yes: true }, { on: "mic", mic: "granted" }, { on: "leg", up: true }]);
  const [renewed, asked] = play(refused, up);
  assert.equal(asked.filter((one) => one === "sign_in").length, 5);
  assert.deepEqual(asked.slice(-2), ["close_leg", "open_leg"], "then the leg stands at this end only");
  const [given, again] = play([{ on: "leg", up: true }, ...refused], renewed);
  assert.equal(again.filter((one) => one === "sign_in").length, 6);
  assert.equal(again.includes("open_leg"), false);
  assert.equal(given.wanted, false);
});

test("失联 without a leg: the click brings microphone, leg, sign-in, as from 已签出", () => {
  const lost: Event[] = [{ on: "online", yes: true }, { on: "seat", seat: seat("lost") }];
  const click: Event[] = [{ on: "want", yes: true }, { on: "mic", mic: "granted" }, { on: "leg", up: true }];
  assert.deepEqual(play([...lost, ...click])[1], ["ask_mic", "open_leg", "sign_in"]);
  const [pulled] = play([{ on: "mic", mic: "missing" }, { on: "seat", seat: seat("lost") }], play(IN)[0]);
  assert.deepEqual(play(click, pulled)[1], ["ask_mic", "open_leg", "sign_in"]);
});

test("失联 with a leg the service does not know: the click opens it anew before the sign-in", () => {
  const [stale] = play([{ on: "seat", seat: seat("lost") }, { on: "signed", refused: "x" }], play(IN)[0]);
  const [standing] = play([{ on: "mic", mic: "granted" }, { on: "leg", up: true }], { ...stale, mic: "granted", leg: "up" });
  const [, asked] = play([{ on: "want", yes: true }, { on: "leg", up: true }], standing);
  assert.deepEqual(asked, ["close_leg", "open_leg", "sign_in"]);
  const known = { ...standing, seat: seat("lost", { phone: true }) };
  assert.deepEqual(play([{ on: "want", yes: true }], known)[1], ["sign_in"], "one it knows serves");
});

test("once given, the microphone counts as given after 签出 too, until it is taken back or breaks (F9)", () => {
  const [out] = play([{ on: "want", yes: false }, { on: "seat", seat: seat("signed_out") }], play(IN)[0]);
  assert.equal(out.mic, "unknown");
  assert.equal(banner(out), null);
  assert.equal(banner(play([{ on: "permission", granted: false }], out)[0]), "not_granted");
  assert.equal(banner(play([{ on: "want", yes: true }], out)[0]), null, "asking again shows no banner");
  assert.equal(banner(play([{ on: "want", yes: true }, { on: "mic", mic: "denied" }], out)[0]), "denied");
  assert.equal(banner(play([{ on: "want", yes: true }, { on: "mic", mic: "missing" }], out)[0]), "missing");
  assert.equal(banner(play([{ on: "want", yes: true }, { on: "mic", mic: "denied" }, { on: "want", yes: true }], out)[0]), "not_granted");
  assert.equal(banner(play([{ on: "permission", granted: true }])[0]), null);
});

test("taken back while in use: the leg closes and the banner says so", () => {
  const [phone, asked] = play([{ on: "permission", granted: false }], play(IN)[0]);
  assert.deepEqual(asked, ["close_leg", "release_mic"]);
  assert.equal(banner(phone), "denied");
});

test("any other refusal is final until the next click", () => {
  const [phone, asked] = play([...IN.slice(0, 5), { on: "signed", refused: "agent.disabled" }]);
  assert.deepEqual(asked, ["ask_mic", "open_leg", "sign_in", "close_leg", "release_mic"]);
  assert.equal(phone.wanted, false);
});

test("the first dial of the day asks for the microphone and opens the leg, then dials; signed out or not", () => {
  const [phone, asked] = play([...OPEN, { on: "dial", number: "10000001037" }, { on: "mic", mic: "granted" }, { on: "leg", up: true }]);
  assert.deepEqual(asked, ["ask_mic", "open_leg", "dial 10000001037"]);
  const [, signedIn] = play([{ on: "dial", number: "10000001038" }], play(IN)[0]);
  assert.deepEqual(signedIn, ["dial 10000001038"]);
  assert.equal(phone.dial, null);
  const [, quiet] = play([{ on: "seat", seat: seat("signed_out", { phone: true }) }, { on: "seat", seat: seat("ringing", { call: 3 }) }, { on: "seat", seat: seat("talking", { call: 3 }) }], phone);
  assert.deepEqual(quiet, []);
});

test("a leg opened for one call closes after it, or when the service would not dial", () => {
  const [phone] = play([...OPEN, { on: "dial", number: "1" }, { on: "mic", mic: "granted" }, { on: "leg", up: true }]);
  assert.deepEqual(play([{ on: "not_dialled" }], phone)[1], ["close_leg", "release_mic"]);
  const call: Event[] = [{ on: "seat", seat: seat("ringing", { call: 3 }) }, { on: "seat", seat: seat("signed_out") }];
  assert.deepEqual(play(call, phone)[1], ["close_leg", "release_mic"]);
});

test("the microphone is heard in a call only, and not when muted", () => {
  const [idle] = play(IN);
  assert.equal(micLive(idle, false), false);
  const [ringing] = play([{ on: "seat", seat: seat("ringing", { call: 7 }) }], idle);
  assert.equal(micLive(ringing, false), false, "an announcement before the answer is listened to only");
  const [talking] = play([{ on: "seat", seat: seat("talking", { call: 7 }) }], ringing);
  assert.equal(micLive(talking, false), true);
  assert.equal(micLive(talking, true), false);
  const [wrap] = play([{ on: "seat", seat: seat("wrap_up") }], talking);
  assert.equal(micLive(wrap, false), false);
});

test("a headset pulled out shows the banner again and closes the leg", () => {
  const [phone] = play(IN);
  const [lost, asked] = play([{ on: "mic", mic: "missing" }], phone);
  assert.deepEqual(asked, ["close_leg", "release_mic"]);
  assert.equal(banner(lost), "missing");
  const [, back] = play([{ on: "want", yes: true }, { on: "mic", mic: "granted" }, { on: "leg", up: true }], lost);
  assert.deepEqual(back, ["ask_mic", "open_leg", "sign_in"]);
});

test("a reload in a call opens the leg and signs in without a click", () => {
  const [, asked] = play([{ on: "want", yes: true }, { on: "mic", mic: "granted" }, { on: "online", yes: true }, { on: "seat", seat: seat("talking", { call: 7 }) }, { on: "leg", up: true }]);
  assert.deepEqual(asked, ["ask_mic", "open_leg", "sign_in"]);
});

test("logging out closes everything at once, also in a call", () => {
  const [phone, asked] = play([...IN, { on: "seat", seat: seat("talking", { call: 7 }) }, { on: "stop" }]);
  assert.deepEqual(asked.slice(3), ["close_leg", "release_mic"]);
  assert.equal(phone.leg, "down");
});

/** Whatever comes in whatever order: no leg without the microphone, and never two at once. */
test("a thousand random days: opens and closes of the leg alternate", () => {
  let seed = 7;
  const random = (n: number) => ((seed = (seed * 1103515245 + 12345) % 2147483648) >>> 8) % n;
  const states: SeatState[] = ["signed_out", "idle", "busy", "ringing", "talking", "wrap_up", "lost"];
  const events: (() => Event)[] = [
    () => ({ on: "want", yes: random(2) === 0 }), () => ({ on: "dial", number: "1" }), () => ({ on: "online", yes: random(3) > 0 }),
    () => ({ on: "mic", mic: (["granted", "denied", "missing"] as const)[random(3)]! }), () => ({ on: "leg", up: random(2) === 0 }),
    () => ({ on: "seat", seat: seat(states[random(7)]!) }), () => ({ on: "signed", refused: [null, "agent.no_microphone", "x"][random(3)]! }),
    () => ({ on: "retry" }), () => ({ on: "not_dialled" }), () => ({ on: "stop" }),
    () => ({ on: "permission", granted: random(2) === 0 }),
  ];
  for (let day = 0; day < 1000; day++) {
    let phone = START;
    let open = false;
    let held = false;
    for (let i = 0; i < 40; i++) {
      const event = events[random(events.length)]!();
      // The browser reports on a leg, or answers for the microphone, only when one was asked for.
      if (event.on === "leg" && phone.leg === "down") continue;
      if (event.on === "mic" && phone.mic !== "asking" && event.mic !== "missing") continue;
      if (event.on === "signed" && !phone.signing) continue;
      if (event.on === "mic" && event.mic === "granted") held = true;
      const [next, effects] = step(phone, event);
      phone = next;
      for (const effect of effects) {
        if (effect.do === "release_mic") held = false;
        if (effect.do === "open_leg") {
          assert.equal(open, false, "opened twice");
          assert.equal(held, true, "no microphone in hand");
          open = true;
        }
        if (effect.do === "close_leg") open = false;
      }
      assert.equal(open, phone.leg !== "down", `day ${day}: ${JSON.stringify(event)}`);
    }
  }
});
