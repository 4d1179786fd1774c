import { Cell } from "./cell.ts";
import type { Lang, Texts } from "./types.ts";

export const lang = new Cell<Lang>("zh-CN");
const texts = new Cell<Texts>({});

/** The text of `key` with `{name}` filled in; the key itself where there is none. */
export function t(key: string, args: Record<string, string | number> = {}): string {
  const text = texts.get()[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => (name in args ? String(args[name]) : hole));
}

/** The word of a busy reason; a company's own reason is its own word. */
export function reasonText(code: string): string {
  return texts.get()[`call.busy.${code}`] ?? code;
}

/** Takes the texts of a language into use. */
export function useTexts(chosen: Lang, all: Texts): void {
  texts.set(all);
  lang.set(chosen);
  if (typeof document !== "undefined") document.documentElement.lang = chosen;
}

const KEPT = "hutong.lang";

/** Chinese unless this browser's user chose otherwise. */
export function keptLang(): Lang {
  try {
    return localStorage.getItem(KEPT) === "en" ? "en" : "zh-CN";
  } catch {
    return "zh-CN";
  }
}

export function keepLang(chosen: Lang): void {
  try {
    localStorage.setItem(KEPT, chosen);
  } catch {
    // Private windows may forbid it; the choice then lasts until the next load.
  }
}
