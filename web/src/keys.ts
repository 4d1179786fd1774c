// The hotkeys of this browser's user: which there are, which he changed, and whether he wants them at all (WCAG 2.1.4).

import { Cell } from "./cell.ts";

/** By key code, so that an input method or a layout does not change them. */
export const DEFAULTS = {
  hang_up: "Alt+KeyH",
  answer: "Alt+KeyA",
  mute: "Alt+KeyM",
  save: "Ctrl+Enter",
  save_idle: "Ctrl+Shift+Enter",
  idle: "Alt+KeyI",
  dial: "Alt+KeyQ",
  work: "Alt+KeyW",
  opt_out: "Alt+KeyN",
} as const;
export type Act = keyof typeof DEFAULTS;
export const ACTS = Object.keys(DEFAULTS) as Act[];

interface Kept {
  off: boolean;
  /** 1 … 9 and ?: keys that are also text. */
  single: boolean;
  keys: Partial<Record<Act, string>>;
}

const KEPT = "hutong.keys";
const ALL_ON: Kept = { off: false, single: true, keys: {} };
export const hotkeys = new Cell<Kept>(read());

export function change(part: Partial<Kept>): void {
  hotkeys.update((now) => ({ ...now, ...part }));
  try {
    localStorage.setItem(KEPT, JSON.stringify(hotkeys.get()));
  } catch {
    // Private windows may forbid it; the choice then lasts until the next load.
  }
}

export const keyOf = (act: Act, kept = hotkeys.get()): string => kept.keys[act] ?? DEFAULTS[act];

/** What the pressed key asks for. */
export function pressed(event: KeyboardEvent): Act | null {
  if (hotkeys.get().off) return null;
  const combo = comboOf(event);
  return ACTS.find((act) => keyOf(act) === combo) ?? null;
}

export const singleKeys = (): boolean => !hotkeys.get().off && hotkeys.get().single;

/** Another action that has this key already. */
export const takenBy = (act: Act, combo: string): Act | null => ACTS.find((other) => other !== act && keyOf(other) === combo) ?? null;

type Press = Pick<KeyboardEvent, "code" | "ctrlKey" | "altKey" | "shiftKey" | "metaKey">;

export function comboOf(event: Press): string {
  const parts = [event.ctrlKey && "Ctrl", event.altKey && "Alt", event.metaKey && "Meta", event.shiftKey && "Shift"].filter(Boolean);
  return [...parts, event.code === "NumpadEnter" ? "Enter" : event.code].join("+");
}

/** A hotkey must not be text, and not one of the browser's own that a page cannot have. */
export function usable(combo: string): boolean {
  const code = combo.split("+").pop() ?? "";
  if (/^(Control|Alt|Shift|Meta)(Left|Right)$/.test(code) || code === "" || combo.includes("Meta+")) return false;
  if (["F5", "F11", "F12"].includes(code) || /^Ctrl\+(Shift\+)?Key[TWN]$/.test(combo) || combo === "Alt+F4") return false;
  return /^F\d+$/.test(code) || combo.startsWith("Ctrl+") || combo.startsWith("Alt+");
}

/** "Ctrl+Enter", "Alt+H" */
export const keyText = (combo: string): string => combo.replace(/Key(?=[A-Z]$)/, "").replace(/Digit(?=\d$)/, "");

function read(): Kept {
  try {
    return { ...ALL_ON, ...(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Kept>) };
  } catch {
    return ALL_ON;
  }
}
