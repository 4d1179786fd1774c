// What the company tells its people: the settings of the workbench, notices, and a supervisor's lines.

import { api } from "./api.ts";
import { Cell } from "./cell.ts";
import { reasonText } from "./texts.ts";
import type { BusyReason, Notice, ServerMsg, WorkView } from "./types.ts";

type Message = Omit<Extract<ServerMsg, { msg: "message" }>, "msg">;

/** Null until read, or where this seat takes no calls. */
export const work = new Cell<WorkView | null>(null);
export const notices = new Cell<Notice[]>([]);
/** Newest last. */
export const messages = new Cell<(Message & { seen: boolean })[]>([]);

const MOST = 50;
const BUILT_IN = ["break", "meal", "training", "meeting"];
/** A notice comes up and goes by the clock, too. */
const LOOK_MS = 5 * 60_000;
let timer: ReturnType<typeof setInterval> | undefined;
let seat = 0;

/** Reads all of it after a login. What cannot be read stays as it was: none of it may keep an agent from working. */
export function open(who: number, works: boolean): void {
  seat = who;
  messages.set(kept());
  if (works) readWork();
  readNotices();
  clearInterval(timer);
  timer = setInterval(readNotices, LOOK_MS);
}

export function close(): void {
  clearInterval(timer);
  work.set(null);
  notices.set([]);
  messages.set([]);
}

/** Pages whose rows change all day and steer no workbench. */
const LIVELY = new Set(["customers", "public_pool", "activities", "campaigns", "attempts", "calls"]);

/** Rows of a page changed. */
export function heard(page: string): void {
  if (page === "notices") readNotices();
  else if (work.get() !== null && !LIVELY.has(page)) readWork();
}

export async function markRead(id: number): Promise<void> {
  notices.update((all) => all.map((one) => (one.id === id ? { ...one, read: true } : one)));
  await api.readNotice(id).catch((refused: unknown) => console.warn("notices", refused));
}

export function take(message: Message): void {
  messages.update((all) => [...all, { from: message.from, text: message.text, at: message.at, seen: false }].slice(-MOST));
}

export const markSeen = (): void => messages.update((all) => (all.every((one) => one.seen) ? all : all.map((one) => ({ ...one, seen: true }))));

/** The company's busy reasons; the built-in ones until they are known. */
export function busyReasons(given: WorkView | null): BusyReason[] {
  return given?.busy_reasons ?? BUILT_IN.map((code) => ({ code, label: reasonText(code), colour: "#d4a72c", max_minutes: 0 }));
}

export const reasonOf = (code: string, given: WorkView | null): BusyReason =>
  busyReasons(given).find((one) => one.code === code) ?? { code, label: reasonText(code), colour: "#d4a72c", max_minutes: 0 };

function readWork(): void {
  api.work().then((view) => work.set(view), (refused: unknown) => console.warn("work", refused));
}

function readNotices(): void {
  api.notices().then((all) => notices.set(all), (refused: unknown) => console.warn("notices", refused));
}

export const keyOf = (who: number): string => `hutong.messages.${who}`;

/** Messages survive a reload of this tab, like the cards. */
messages.watch(() => {
  if (messages.get().length > 0) sessionStorage.setItem(keyOf(seat), JSON.stringify(messages.get()));
});

function kept(): (Message & { seen: boolean })[] {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(seat)) ?? "[]") as (Message & { seen: boolean })[];
  } catch {
    return [];
  }
}
