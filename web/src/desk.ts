// What the whole page shares: the session, the live socket, the phone, the cards.

import { Refused, api, whenLoggedOut, why } from "./api.ts";
import * as cards from "./cards.ts";
import { Cell } from "./cell.ts";
import { draftsOf, dropDrafts } from "./drafts.ts";
import { type Asked, Live } from "./live.ts";
import { SeatPhone } from "./phone/phone.ts";
import { inCall } from "./phone/state.ts";
import { dialsNext, wishes } from "./mytasks.ts";
import * as office from "./office.ts";
import { keepLang, lang, t, useTexts } from "./texts.ts";
import { takeTab } from "./tab.ts";
import type {
  BoardMsg, CallOver, ImportStatus, Lang, PageView, Pop, RefusalText, SeatView, ServerMsg, Session, Values,
} from "./types.ts";

export interface Toast {
  id: number;
  text: string;
  bad: boolean;
  /** What 撤销 takes back. */
  undo?: string | undefined;
}

export const session = new Cell<Session | null>(null);
export const pages = new Cell<PageView[]>([]);
export const seat = new Cell<SeatView | null>(null);
export const popCards = new Cell<cards.Cards>(cards.NONE);
export const board = new Cell<BoardMsg | null>(null);
/** Progress of the import this session runs. */
export const importing = new Cell<ImportStatus | null>(null);
/** The session is worked in another tab of this browser. */
export const elsewhere = new Cell(false);
/** Why the session ended, on the login form. */
export const farewell = new Cell("");
export const online = new Cell(false);
export const toasts = new Cell<Toast[]>([]);
/** The page of the catalogue whose rows changed last, "" = any; a new object each time. */
export const changed = new Cell<{ page: string }>({ page: "" });

/** A list to be opened with these filters; whoever shows it takes it. */
export const opening = new Cell<{ page: string; filters: Values } | null>(null);

export const can = (word: string): boolean => {
  const words = session.get()?.permissions ?? [];
  return words.includes(word) || words.includes("*");
};

/** The company's zone. */
export const zone = (): string => session.get()?.zone ?? "Asia/Shanghai";

const live = new Live({
  open: () => {
    online.set(true);
    phone.online(true);
    if (watching > 0) void live.send({ cmd: "watch_board", on: true });
  },
  down: () => {
    online.set(false);
    phone.online(false);
  },
  message: take,
  quality: () => phone.quality.get(),
});

export const phone = new SeatPhone({
  exchange: async (sdp) => (await api.phone(sdp)).sdp,
  signIn: () => live.send({ cmd: "sign_in" }),
  signOut: () => live.send({ cmd: "sign_out" }),
  dial: (callee) => {
    dialling = true;
    const [page, id] = callee.split("/");
    if (id === undefined) return live.send({ cmd: "dial", number: callee });
    return id === "next" ? act("my_tasks", "next", [], { campaign: wishes.get().campaign }) : act(page!, "dial", [Number(id)]);
  },
  refused: (refusal) => toast(refusalText(refusal), true),
});

/** The number of a row: it need not come here to be dialled. */
const act = (page: string, action: string, ids: number[], args: Values = {}): Promise<RefusalText | null> =>
  api.act(page, action, { ids, args }).then(() => null, (refused: unknown) => (refused instanceof Refused ? refused.refusal : { code: "page.offline", text: why(refused) }));

let dialling = false;
/** An outbound call of the seat's own making, not one that is offered to it. */
export function ownCall(view: SeatView): boolean {
  const card = popCards.get().all.find((one) => one.pop.call === view.call);
  return card === undefined ? dialling : card.pop.kind !== "campaign";
}
/** A call waits for 接听 or 拒接. */
export const offered = (view: SeatView): boolean => view.state === "ringing" && !view.auto_answer && !ownCall(view);

export const pingMs = (): number => Math.round(live.rttMs);

let lastToast = 0;
export function toast(text: string, bad = false, undo?: string, ms = undo !== undefined ? UNDO_MS : bad ? 8_000 : 3_000): void {
  const id = ++lastToast;
  toasts.update((all) => [...all.slice(-3), { id, text, bad, undo }]);
  setTimeout(() => dropToast(id), ms);
}

/** Long enough to see what was done and to think better of it. */
const UNDO_MS = 30_000;
const MESSAGE_MS = 15_000;

export function dropToast(id: number): void {
  toasts.update((all) => all.filter((one) => one.id !== id));
}

/** 撤销: takes back what the service said can be taken back, and has every open list read again. */
export async function undo(what: string): Promise<boolean> {
  try {
    const back = await api.undo(what);
    toast(back.text ?? t("page.undone", { n: back.done }));
    changed.set({ page: "" });
    return true;
  } catch (refused) {
    toast(why(refused), true);
    return false;
  }
}

/** Sends a command and shows its refusal; true when done. */
export async function ask(command: Asked): Promise<boolean> {
  const refusal = await live.send(command);
  if (refusal !== null) toast(refusalText(refusal), true);
  return refusal === null;
}

const refusalText = (refusal: RefusalText): string => refusal.text || t(refusal.code);

/** Loads the session of the cookie, if there is one. Throws only where the service cannot be reached. */
export async function enter(given: Session): Promise<void> {
  farewell.set("");
  if (given.lang !== lang.get()) await loadLang(given.lang);
  pages.set(await api.catalogue());
  session.set(given);
  popCards.set(keptCards(given.seat));
  draftsOf(given.seat);
  office.open(given.seat, can("seat.work"));
  if (await claim(false)) {
    live.start();
    if (can("seat.work")) phone.resume();
  }
}

/** Works the session in this tab from now on; a seat that is signed in gets its phone here. Called from a click. */
export async function workHere(): Promise<void> {
  if (!(await claim(true))) return;
  fetched = true;
  live.start();
}

let release: (() => void) | null = null;
let fetched = false;

async function claim(steal: boolean): Promise<boolean> {
  release ??= await takeTab(steal, letGo);
  elsewhere.set(release === null);
  return release !== null;
}

/** Another tab took the session over: no socket and no phone here, but all that is typed stays. */
function letGo(): void {
  release = null;
  live.stop();
  phone.stop();
  online.set(false);
  phone.online(false);
  seat.set(null);
  if (session.get() !== null) elsewhere.set(true);
}

export async function leave(): Promise<void> {
  phone.stop();
  const who = session.get();
  await api.logout().catch(() => {});
  end("");
  if (who !== null) for (const key of [keyOf(who.seat), office.keyOf(who.seat), TABS]) sessionStorage.removeItem(key);
  dropDrafts();
}

export async function loadLang(chosen: Lang): Promise<void> {
  useTexts(chosen, await api.texts(chosen));
}

/** Chooses a language and, when logged in, the catalogue in it. */
export async function chooseLang(chosen: Lang): Promise<void> {
  keepLang(chosen);
  try {
    await loadLang(chosen);
    if (session.get() !== null) {
      // Lists and refusals are worded by the service.
      session.set(await api.speak(chosen));
      pages.set(await api.catalogue());
    }
  } catch (error) {
    toast(why(error), true);
  }
}

const OTHER_TAB = "session.other_tab";

let watching = 0;
/** Follows the board while at least one view wants it; returns the way out. */
export function watchBoard(): () => void {
  if (watching++ === 0) void live.send({ cmd: "watch_board", on: true });
  return () => {
    if (--watching === 0) void live.send({ cmd: "watch_board", on: false });
  };
}

/** The last call was one of 我的任务. */
let previewed = false;

function take(msg: ServerMsg): void {
  switch (msg.msg) {
    case "seat":
      if (seat.get() === null) popCards.update((all) => cards.settled(all, msg));
      if (dialsNext(seat.get(), msg, previewed)) {
        previewed = false;
        queueMicrotask(() => void phone.dial("my_tasks/next"));
      }
      popCards.update((all) => cards.taken(all, msg));
      seat.set(msg);
      if (fetched && msg.state !== "signed_out") phone.want(true);
      fetched = false;
      phone.seat(msg);
      if (!inCall(msg)) dialling = false;
      return;
    case "message":
      office.take(msg);
      return toast(t("page.notices.from", { from: msg.from, text: msg.text }), false, undefined, MESSAGE_MS);
    case "pop":
      previewed = msg.kind === "preview";
      openUrl(msg);
      return popCards.update((all) => cards.taken(cards.popped(all, msg, Date.now()), seat.get()));
    case "call_over":
      return callOver(msg);
    case "board":
      return takeBoard(msg);
    case "import":
      return importing.set(msg);
    case "changed":
      return heard(msg.page);
    case "toast":
      return toast(msg.text, true);
    case "bye":
      // The lock of the tabs makes this rare: a tab in another window of the same login.
      if (msg.code === OTHER_TAB) {
        release?.();
        return letGo();
      }
      phone.stop();
      return end(msg.text);
  }
}

/** 弹屏设置's own page of a call, once, beside this one. A browser that stops it leaves the link on the card. */
function openUrl(pop: Pop): void {
  const known = popCards.get().all.some((card) => card.pop.call === pop.call);
  if (known || pop.url === undefined || !isWeb(pop.url)) return;
  const opened = window.open("", "hutong-pop");
  if (opened === null) return toast(t("page.card.url_blocked"), true);
  opened.opener = null;
  opened.location.replace(pop.url);
}

export const isWeb = (url: string): boolean => /^https?:\/\//i.test(url);

/** 关闭弹屏 without saving; where the pop-up keeps the seat busy (F86), that ends with it. */
export function closeCard(call: number): void {
  popCards.update((all) => cards.closed(all, call));
  if (office.work.get()?.pop_busy) void ask({ cmd: "card_closed", call });
}

/** A company's own fields are part of the catalogue. */
function heard(page: string): void {
  changed.set({ page });
  office.heard(page);
  // What forms are drawn from: their fields, and what a new task begins with.
  if (["customer_fields", "campaign_defaults"].includes(page)) void api.catalogue().then((all) => pages.set(all), (refused: unknown) => toast(why(refused), true));
}

function callOver(end: CallOver): void {
  const missed = cards.withdrawn(popCards.get(), end);
  if (missed !== undefined) toast(t("page.call.missed", { who: missed.pop.card.name || missed.pop.number }), true);
  // What was typed while it rang is the agent's to save or to close.
  const gone = missed !== undefined && !cards.unsaved(missed);
  popCards.update((all) => (gone ? cards.closed(all, end.call) : cards.over(all, end)));
}

function takeBoard(msg: BoardMsg): void {
  const old = board.get();
  if (msg.full || old === null) return board.set(msg);
  // A gap means something was missed: ask for a new snapshot.
  if (msg.seq !== old.seq + 1) return void live.send({ cmd: "watch_board", on: true });
  const events = [...(old.events ?? []), ...(msg.events ?? [])].slice(-100);
  const present = Object.fromEntries(Object.entries(msg).filter(([, value]) => value !== undefined && value !== null));
  board.set({ ...old, ...present, full: true, events });
}

function end(reason: string): void {
  live.stop();
  release?.();
  release = null;
  elsewhere.set(false);
  online.set(false);
  phone.online(false);
  session.set(null);
  seat.set(null);
  board.set(null);
  pages.set([]);
  office.close();
  popCards.set(cards.NONE);
  farewell.set(reason);
}

whenLoggedOut(() => {
  if (session.get() === null) return;
  phone.stop();
  end(t("page.login.ended"));
});

/** The open tabs of the work area. */
export const TABS = "hutong.tabs";

const keyOf = (seat: number) => `hutong.cards.${seat}`;

/** Cards survive a reload of this tab, never its end: they hold customers' data. */
popCards.watch(() => {
  const who = session.get();
  if (who !== null) sessionStorage.setItem(keyOf(who.seat), JSON.stringify(popCards.get()));
});

function keptCards(who: number): cards.Cards {
  try {
    return (JSON.parse(sessionStorage.getItem(keyOf(who)) ?? "null") as cards.Cards | null) ?? cards.NONE;
  } catch {
    return cards.NONE;
  }
}
