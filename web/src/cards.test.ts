import assert from "node:assert/strict";
import { test } from "node:test";
import { NONE, type Cards, closed, draft, field, front, over, popped, saved, settled, taken, unsaved, withdrawn } from "./cards.ts";
import type { Pop } from "./types.ts";

const pop = (call: number): Pop => ({ call, kind: "campaign", number: "100****1037", card: { name: "孙三" } });
const calls = (cards: Cards) => cards.all.map((card) => card.pop.call);
const ended = { state: "answered", talk_s: 5 };

test("a new call never throws away what was typed for an earlier one", () => {
  let cards = popped(NONE, pop(1), 0);
  cards = over(draft(cards, 1, { content: "想了解" }), { call: 1, ...ended });
  cards = popped(cards, pop(2), 0);
  assert.deepEqual(calls(cards), [1, 2]);
  assert.equal(cards.front, 2);
  assert.equal(unsaved(cards.all[0]!), true);
});

test("an untouched or saved card makes way for the next call", () => {
  let cards = over(popped(NONE, pop(1), 0), { call: 1, ...ended });
  cards = popped(cards, pop(2), 0);
  assert.deepEqual(calls(cards), [2]);
  cards = over(saved(draft(cards, 2, { content: "好" }), 2), { call: 2, ...ended });
  assert.deepEqual(calls(popped(cards, pop(3), 0)), [3]);
});

test("only changed fields are sent, and typing the old value back is no change", () => {
  let cards = field(popped(NONE, pop(1), 0), 1, "name", "孙小三");
  assert.deepEqual(front(cards)!.draft.card, { name: "孙小三" });
  cards = field(cards, 1, "name", "孙三");
  assert.deepEqual(front(cards)!.draft.card, {});
  assert.equal(unsaved(front(cards)!), false);
});

test("a saved card keeps its new fields; typing on makes it unsaved again", () => {
  let cards = saved(field(popped(NONE, pop(1), 0), 1, "name", "孙小三"), 1);
  assert.equal(front(cards)!.pop.card.name, "孙小三");
  assert.equal(unsaved(front(cards)!), false);
  cards = draft(cards, 1, { content: "补充" });
  assert.equal(unsaved(front(cards)!), true);
});

test("the same pop twice, as after a reconnect, keeps the draft", () => {
  const cards = popped(draft(popped(NONE, pop(1), 0), 1, { content: "半句" }), pop(1), 9);
  assert.equal(front(cards)!.draft.content, "半句");
  assert.equal(cards.all.length, 1);
});

test("a call told of again runs again, with the fields typed for it", () => {
  const typed = field(draft(popped(NONE, pop(1), 0), 1, { content: "半句", disposition: "interested" }), 1, "name", "孙小三");
  const again = front(popped(over(typed, { call: 1, state: "", talk_s: 0 }), pop(1), 9))!;
  assert.equal(again.over, undefined);
  assert.deepEqual(again.draft, front(typed)!.draft);
});

test("an offer withdrawn before it was taken is told from a call that was", () => {
  const end = { call: 1, state: "no_answer", talk_s: 0 };
  const cards = popped(NONE, pop(1), 0);
  const at = (state: string, call: number) => taken(cards, { state, call } as never);
  assert.equal(withdrawn(at("ringing", 1), end)?.pop.call, 1);
  assert.equal(withdrawn(at("talking", 2), end)?.pop.call, 1);
  assert.equal(withdrawn(at("talking", 1), end), undefined, "taken");
  assert.equal(withdrawn(cards, { ...end, state: "answered" }), undefined);
  assert.equal(withdrawn(cards, { ...end, call: 2 }), undefined, "another call");
  assert.equal(withdrawn(popped(NONE, { ...pop(1), kind: "outbound" }, 0), end), undefined, "a dialled number that did not answer is recorded");
});

test("after a reload a card whose call is gone counts as over", () => {
  const cards = settled(popped(popped(NONE, pop(1), 0), pop(2), 0), { call: 2 } as never);
  assert.deepEqual(cards.all.map((card) => card.over !== undefined), [true, false]);
});

test("closing the front card brings the newest other one forward", () => {
  let cards = popped(draft(popped(NONE, pop(1), 0), 1, { content: "a" }), pop(2), 0);
  cards = closed(cards, 2);
  assert.equal(cards.front, 1);
  assert.equal(closed(cards, 1).front, null);
});
