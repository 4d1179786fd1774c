import assert from "node:assert/strict";
import { test } from "node:test";
import { grade, looked, quality, sample } from "./quality.ts";

const look = (rtt_ms: number, jitter_ms = 0, loss_permille = 0) => ({ rtt_ms, jitter_ms, loss_permille });

test("grades at the limits of docs/rules.md", () => {
  const at = (...one: [number, number?, number?]) => grade([look(...one)]);
  assert.deepEqual([at(300), at(301), at(401), at(0, 31), at(0, 0, 31), at(0, 0, 81)], ["good", "fair", "fair", "fair", "fair", "bad"]);
  assert.equal(grade([]), "good");
});

test("one far look is no verdict, three of the latest five are", () => {
  const after = (...all: number[]) => grade(all.reduce((looks, ms) => looked(looks, look(ms)), [] as ReturnType<typeof look>[]));
  assert.deepEqual([after(20, 401, 401), after(401, 20, 401, 20, 401), after(401, 401, 401, 20, 20, 20), after(401, 401, 401, 20)], ["fair", "bad", "good", "bad"]);
});

test("loss is of the time since the last look", () => {
  const before = { rttMs: 0, jitterMs: 0, received: 1000, lost: 100 };
  assert.deepEqual(quality(before, { rttMs: 17.6, jitterMs: 3.2, received: 1240, lost: 110 }), { rtt_ms: 18, jitter_ms: 3, loss_permille: 40 });
  assert.equal(quality(before, before).loss_permille, 0);
  assert.equal(quality(before, { ...before, lost: 90, received: 1100 }).loss_permille, 0);
});

test("reads the nominated pair and the inbound audio", () => {
  assert.deepEqual(
    sample([
      { type: "candidate-pair", nominated: false, state: "succeeded", currentRoundTripTime: 9 },
      { type: "candidate-pair", nominated: true, state: "succeeded", currentRoundTripTime: 0.018 },
      { type: "inbound-rtp", kind: "audio", jitter: 0.004, packetsReceived: 50, packetsLost: 1 },
    ]),
    { rttMs: 18, jitterMs: 4, received: 50, lost: 1 },
  );
});
