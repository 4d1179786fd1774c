import type { Quality } from "../types.ts";

export type Grade = "good" | "fair" | "bad";

/** Word for a leg's quality: warned at 300 ms, 30 ms jitter or 3 % loss; red at 400 ms or 8 % (docs/rules.md). */
export function grade(quality: Quality): Grade {
  if (quality.rtt_ms > 400 || quality.loss_permille > 80) return "bad";
  return quality.rtt_ms > 300 || quality.jitter_ms > 30 || quality.loss_permille > 30 ? "fair" : "good";
}

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
