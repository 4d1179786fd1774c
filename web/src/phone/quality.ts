import type { Quality } from "../types.ts";

export type Grade = "good" | "fair" | "bad";

/** Looks that a verdict on the way's length rests on. */
const LOOKS = 5;
const BAD_LOOKS = 3;

/** Word for a leg's quality, of the latest looks, newest last: warned at 300 ms, 30 ms jitter or 3 % loss; red where 3 of 5 looks
 *  were beyond 400 ms, or at 8 % loss (docs/rules.md). */
export function grade(looks: Quality[]): Grade {
  const now = looks[looks.length - 1];
  if (now === undefined) return "good";
  const far = looks.slice(-LOOKS).filter((one) => one.rtt_ms > 400).length;
  if (far >= BAD_LOOKS || now.loss_permille > 80) return "bad";
  return now.rtt_ms > 300 || now.jitter_ms > 30 || now.loss_permille > 30 ? "fair" : "good";
}

export const looked = (looks: Quality[], now: Quality): Quality[] => [...looks, now].slice(-LOOKS);

/** The counters of one look at the leg. */
export interface Sample {
  rttMs: number;
  jitterMs: number;
  received: number;
  lost: number;
}

/** Loss counts what came between two looks, not since the leg began. */
export function quality(before: Sample | null, now: Sample): Quality {
  const received = now.received - (before?.received ?? 0);
  const lost = Math.max(0, now.lost - (before?.lost ?? 0));
  const all = received + lost;
  return {
    rtt_ms: Math.round(now.rttMs),
    jitter_ms: Math.round(now.jitterMs),
    loss_permille: all > 0 ? Math.round((lost * 1000) / all) : 0,
  };
}

/** Reads a sample from getStats(). */
export function sample(stats: Iterable<Record<string, unknown>>): Sample {
  const out: Sample = { rttMs: 0, jitterMs: 0, received: 0, lost: 0 };
  const number = (value: unknown) => (typeof value === "number" ? value : 0);
  for (const entry of stats) {
    if (entry.type === "candidate-pair" && entry.nominated === true && entry.state === "succeeded") {
      out.rttMs = number(entry.currentRoundTripTime) * 1000;
    }
    if (entry.type === "inbound-rtp" && entry.kind === "audio") {
      out.jitterMs = number(entry.jitter) * 1000;
      out.received = number(entry.packetsReceived);
      out.lost = number(entry.packetsLost);
    }
  }
  return out;
}
