// The cards of the workbench: one for each call that popped and is not yet saved or closed.

import type { CallOver, Pop, SeatView, Values } from "./types.ts";

/** What the agent has typed and not saved. */
export interface Draft {
  visit_type: string;
  disposition: string;
  content: string;
  /** Changed fields of the customer card only. */
  card: Values;
  /** Further fields of the project's own form. */
  fields?: Values;
  /** 预约回访: when to call again. */
  callback_at?: string;
}

export interface Card {
  pop: Pop;
  draft: Draft;
  /** Epoch ms of the pop. */
  at: number;
  over?: CallOver;
  /** The seat talked in this call. */
  taken?: boolean;
  saved: boolean;
}

export interface Cards {
  /** Oldest first. */
  all: Card[];
  /** Call id of the card in front. */
  front: number | null;
}

export const NONE: Cards = { all: [], front: null };
const BLANK: Draft = { visit_type: "", disposition: "", content: "", card: {} };
/** More than anyone leaves open; the oldest saved or empty ones go first. */
const MOST = 12;

export const touched = (draft: Draft): boolean =>
  draft.visit_type !== "" || draft.disposition !== "" || draft.content !== "" || (draft.callback_at ?? "") !== "" || Object.keys(draft.card).length > 0 || Object.values(draft.fields ?? {}).some((value) => value !== "");

export const unsaved = (card: Card): boolean => !card.saved && touched(card.draft);

export const front = (cards: Cards): Card | undefined => cards.all.find((card) => card.pop.call === cards.front);

/** A new call's card comes to the front; what was typed for earlier ones stays, untouched ones that are over go. */
export function popped(cards: Cards, pop: Pop, now: number): Cards {
  const known = cards.all.find((card) => card.pop.call === pop.call);
  const others = cards.all.filter((card) => card.pop.call !== pop.call && (unsaved(card) || card.over === undefined));
  // Told of again, as after a new login: the call runs, and what was typed for it stays.
  const card: Card = known ? { ...known, pop, over: undefined } : { pop, draft: BLANK, at: now, saved: false };
  return { all: [...others.slice(-MOST), card], front: pop.call };
}

export function over(cards: Cards, end: CallOver): Cards {
  return edit(cards, end.call, (card) => ({ ...card, over: end }));
}

/** Marks the card of the call the seat talks in. */
export function taken(cards: Cards, seat: SeatView | null): Cards {
  const card = cards.all.find((one) => one.pop.call === seat?.call);
  if (seat?.state !== "talking" || card === undefined || card.taken) return cards;
  return edit(cards, card.pop.call, (one) => ({ ...one, taken: true }));
}

/** The card of a call that was offered and withdrawn before the seat took it: there is nothing to record. */
export function withdrawn(cards: Cards, end: CallOver): Card | undefined {
  const card = cards.all.find((one) => one.pop.call === end.call);
  const offered = card !== undefined && card.pop.kind === "campaign" && !card.taken;
  return offered && end.state === "no_answer" && end.talk_s === 0 ? card : undefined;
}

export function draft(cards: Cards, call: number, change: Partial<Draft>): Cards {
  return edit(cards, call, (card) => ({ ...card, saved: false, draft: { ...card.draft, ...change } }));
}

/** One field of the customer card; typing the old value back is no change. */
export function field(cards: Cards, call: number, id: string, value: string): Cards {
  return edit(cards, call, (card) => {
    const changed = { ...card.draft.card };
    if ((card.pop.card[id] ?? "") === value) delete changed[id];
    else changed[id] = value;
    return { ...card, saved: false, draft: { ...card.draft, card: changed } };
  });
}

/** Saved: the changed fields are now the customer's. */
export function saved(cards: Cards, call: number): Cards {
  return edit(cards, call, (card) => ({
    ...card, saved: true, pop: { ...card.pop, card: { ...card.pop.card, ...card.draft.card } }, draft: { ...card.draft, card: {} },
  }));
}

export function closed(cards: Cards, call: number): Cards {
  const all = cards.all.filter((card) => card.pop.call !== call);
  const front = cards.front === call ? (all[all.length - 1]?.pop.call ?? null) : cards.front;
  return { all, front };
}

export const shown = (cards: Cards, call: number): Cards => ({ ...cards, front: call });

/** After a reload: a card whose call is not the seat's any more is over, though nobody said how. */
export function settled(cards: Cards, seat: SeatView): Cards {
  const lost = cards.all.filter((card) => card.over === undefined && card.pop.call !== seat.call);
  return lost.reduce((all, card) => over(all, { call: card.pop.call, state: "", talk_s: 0 }), cards);
}

function edit(cards: Cards, call: number, change: (card: Card) => Card): Cards {
  return { ...cards, all: cards.all.map((card) => (card.pop.call === call ? change(card) : card)) };
}
