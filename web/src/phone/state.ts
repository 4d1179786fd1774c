// The seat's phone as a pure machine: what happened goes in, what must be done comes out. No browser, no clock.

import type { SeatView } from "../types.ts";

/** 未授权 until the browser has given the microphone. */
export type Mic = "unknown" | "asking" | "granted" | "denied" | "missing";
export type Leg = "down" | "opening" | "up";

export interface Phone {
  readonly mic: Mic;
  /** The browser lets the page have the microphone, in use or not. */
  readonly allowed: boolean;
  readonly leg: Leg;
  /** The live socket is up. */
  readonly online: boolean;
  /** The person wants to be signed in. */
  readonly wanted: boolean;
  /** We still owe the service a sign_in: after the click, and after each break of the socket or the leg. */
  readonly owed: boolean;
  /** A sign_in is on its way. */
  readonly signing: boolean;
  /** Number to dial once the leg is up. */
  readonly dial: string | null;
  /** A dial was sent and its call is not over: keeps the leg of a seat that is not signed in. */
  readonly dialled: boolean;
  /** Waiting before the next try of the leg; tries so far. */
  readonly waiting: boolean;
  readonly tries: number;
  /** The leg was opened anew because the service knows of none. */
  readonly renewed: boolean;
  readonly seat: SeatView | null;
}

export type Event =
  | { on: "want"; yes: boolean }
  | { on: "dial"; number: string }
  | { on: "mic"; mic: "granted" | "denied" | "missing" }
  /** What the browser's settings say of the microphone: when the page starts, and on each change. */
  | { on: "permission"; granted: boolean }
  | { on: "leg"; up: boolean }
  | { on: "online"; yes: boolean }
  | { on: "seat"; seat: SeatView }
  /** The reply to our sign_in. */
  | { on: "signed"; refused: string | null }
  /** The service would not dial. */
  | { on: "not_dialled" }
  /** The wait of `retry_leg` or `retry_sign_in` is over. */
  | { on: "retry" }
  /** Logged out, or another tab took the seat over. */
  | { on: "stop" };

export type Effect =
  | { do: "ask_mic" | "release_mic" | "open_leg" | "close_leg" | "sign_in" | "sign_out" }
  | { do: "dial"; number: string }
  | { do: "retry"; afterMs: number };

export const START: Phone = {
  mic: "unknown", allowed: false, leg: "down", online: false, wanted: false, owed: false, signing: false, dial: null, dialled: false, waiting: false,
  tries: 0, renewed: false, seat: null,
};

const RETRIES_MS = [300, 1_000, 2_000, 4_000, 8_000];
/** The service may hear of the leg a moment after the browser does. */
export const NO_MICROPHONE = "agent.no_microphone";
const SIGN_IN_TRIES = 5;

export const signedIn = (seat: SeatView | null): boolean =>
  seat !== null && seat.state !== "signed_out" && seat.state !== "lost";

export const inCall = (seat: SeatView | null): boolean =>
  seat !== null && (seat.state === "ringing" || seat.state === "talking");

/** The far end may hear the agent: only once it answered, and not muted. Before that it gets silence. */
export const micLive = (phone: Phone, muted: boolean): boolean => !muted && phone.seat?.state === "talking";

/** What the banner must say, as the end of the text key page.mic.*; null: nothing. */
export function banner(phone: Phone): "not_granted" | "denied" | "missing" | null {
  if (phone.mic === "denied" || phone.mic === "missing") return phone.mic;
  return phone.mic === "granted" || phone.allowed ? null : "not_granted";
}

export function step(phone: Phone, event: Event): [Phone, Effect[]] {
  const effects: Effect[] = [];
  const next = goal(note(phone, event, effects), effects);
  return [next, effects];
}

/** Takes the fact in. */
function note(phone: Phone, event: Event, effects: Effect[]): Phone {
  switch (event.on) {
    case "want":
      // A click asks for the microphone anew, also after a refusal.
      return event.yes
        ? { ...anew(phone, effects), wanted: true, owed: true, mic: askAgain(phone.mic), waiting: false, tries: 0, renewed: false }
        : signOut(phone, effects);
    case "dial":
      return { ...phone, dial: event.number, mic: askAgain(phone.mic), waiting: false };
    case "mic":
      return event.mic === "granted"
        ? { ...phone, mic: "granted", allowed: true }
        : loseMic(phone, event.mic, effects);
    case "permission":
      if (event.granted || phone.mic !== "granted") return { ...phone, allowed: event.granted };
      return loseMic(phone, "denied", effects);
    case "leg":
      return event.up ? { ...phone, leg: "up", tries: 0 } : retryLeg(phone, effects);
    case "online":
      return { ...phone, online: event.yes, signing: false, owed: phone.owed || (!event.yes && phone.wanted) };
    case "seat":
      return seat(phone, event.seat);
    case "signed":
      return signed(phone, event.refused, effects);
    case "not_dialled":
      return { ...phone, dialled: false };
    case "retry":
      return { ...phone, waiting: false };
    case "stop":
      return { ...loseLeg(phone, effects), wanted: false, owed: false, signing: false, dial: null, dialled: false, online: false, seat: null };
  }
}

/** Works towards what is wanted, one step for each fact. */
function goal(phone: Phone, effects: Effect[]): Phone {
  const needed = phone.wanted || phone.dial !== null || phone.dialled || inCall(phone.seat);
  if (!needed) {
    const rest = phone.seat === null || phone.seat.state === "signed_out";
    if (!rest || phone.leg === "down") return phone;
    effects.push({ do: "close_leg" }, { do: "release_mic" });
    return { ...phone, leg: "down", mic: phone.mic === "granted" ? "unknown" : phone.mic };
  }
  if (phone.mic === "unknown") {
    effects.push({ do: "ask_mic" });
    return { ...phone, mic: "asking" };
  }
  if (phone.mic !== "granted" || !phone.online || phone.waiting) return phone;
  if (phone.leg === "down") {
    effects.push({ do: "open_leg" });
    return { ...phone, leg: "opening" };
  }
  if (phone.leg !== "up") return phone;
  let next = phone;
  if (next.owed && !next.signing && next.seat !== null) {
    effects.push({ do: "sign_in" });
    next = { ...next, signing: true };
  }
  if (next.dial !== null) {
    effects.push({ do: "dial", number: next.dial });
    next = { ...next, dial: null, dialled: true };
  }
  return next;
}

function loseMic(phone: Phone, mic: "denied" | "missing", effects: Effect[]): Phone {
  const allowed = phone.allowed && mic !== "denied";
  return loseLeg({ ...phone, mic, allowed, dial: null, wanted: phone.wanted && signedIn(phone.seat) }, effects);
}

/** 失联 and no leg at the service: one that looks well here leads nowhere. */
function anew(phone: Phone, effects: Effect[]): Phone {
  if (phone.leg !== "up" || phone.seat === null || phone.seat.state !== "lost" || phone.seat.phone) return phone;
  effects.push({ do: "close_leg" });
  return { ...phone, leg: "down" };
}

const askAgain = (mic: Mic): Mic => (mic === "granted" || mic === "asking" ? mic : "unknown");

function signOut(phone: Phone, effects: Effect[]): Phone {
  if (phone.seat !== null && phone.seat.state !== "signed_out") effects.push({ do: "sign_out" });
  return { ...phone, wanted: false, owed: false, signing: false };
}

/** Signed out by the supervisor: that is not to be undone by us. Signed in by him: from now on our wish. */
function seat(phone: Phone, seat: SeatView): Phone {
  const before = phone.seat;
  const settled = !phone.owed && !phone.signing;
  let wanted = phone.wanted;
  if (settled && before !== null) {
    if (signedIn(before) && seat.state === "signed_out") wanted = false;
    if (before.state === "signed_out" && signedIn(seat) && !inCall(seat)) wanted = true;
  }
  // The service lost us though the socket stands: sign in again.
  const owed = phone.owed || (wanted && settled && seat.state === "lost");
  return { ...phone, seat, wanted, owed, dialled: phone.dialled && !(inCall(before) && !inCall(seat)) };
}

function signed(phone: Phone, refused: string | null, effects: Effect[]): Phone {
  if (refused === null) return { ...phone, signing: false, owed: false, tries: 0, renewed: false };
  if (refused === NO_MICROPHONE && phone.tries < SIGN_IN_TRIES) {
    effects.push({ do: "retry", afterMs: 400 });
    return { ...phone, signing: false, waiting: true, tries: phone.tries + 1 };
  }
  // It stays so: the leg stands at this end only.
  if (refused === NO_MICROPHONE && phone.leg === "up" && !phone.renewed) {
    effects.push({ do: "close_leg" });
    return { ...phone, leg: "down", signing: false, tries: 0, renewed: true };
  }
  // Offline: the next socket signs in again by itself.
  if (refused === "page.offline") return { ...phone, signing: false };
  return { ...phone, signing: false, owed: false, wanted: signedIn(phone.seat) };
}

/** The leg broke or could not be opened: try again, with the sign-in after it. */
function retryLeg(phone: Phone, effects: Effect[]): Phone {
  effects.push({ do: "close_leg" });
  const afterMs = RETRIES_MS[Math.min(phone.tries, RETRIES_MS.length - 1)]!;
  effects.push({ do: "retry", afterMs });
  return { ...phone, leg: "down", owed: phone.owed || phone.wanted, waiting: true, tries: phone.tries + 1 };
}

function loseLeg(phone: Phone, effects: Effect[]): Phone {
  if (phone.leg !== "down") effects.push({ do: "close_leg" });
  effects.push({ do: "release_mic" });
  return { ...phone, leg: "down", mic: phone.mic === "granted" ? "unknown" : phone.mic, owed: phone.owed || phone.wanted };
}
