// What was typed into a form and not saved: it survives a reload of this tab, never its end. Passwords and files are not kept.

import type { FieldView, Values } from "./types.ts";

const STEM = "hutong.form.";
let owner = 0;
const keyOf = (page: string, row: number | undefined): string => `${STEM}${owner}.${page}.${row ?? "new"}`;
const KEPT_NOT = new Set(["password", "file"]);

/** Whose drafts they are: another who logs in in this tab has his own. */
export function draftsOf(seat: number): void {
  owner = seat;
}

/** The fields that were changed, as far as the form still has them. */
export function keptDraft(page: string, row: number | undefined, fields: FieldView[]): Values {
  try {
    const kept = JSON.parse(sessionStorage.getItem(keyOf(page, row)) ?? "{}") as Values;
    return Object.fromEntries(fields.filter((one) => !KEPT_NOT.has(one.kind) && typeof kept[one.id] === "string").map((one) => [one.id, kept[one.id]!]));
  } catch {
    return {};
  }
}

export function keepDraft(page: string, row: number | undefined, fields: FieldView[], changed: Values): void {
  const kept = fields.filter((one) => !KEPT_NOT.has(one.kind) && one.id in changed).map((one) => [one.id, changed[one.id]]);
  if (kept.length === 0) return dropDraft(page, row);
  try {
    sessionStorage.setItem(keyOf(page, row), JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // A full storage loses the safety net, not the form.
  }
}

export const dropDraft = (page: string, row: number | undefined): void => sessionStorage.removeItem(keyOf(page, row));

/** At the logout: they hold customers' data. */
export function dropDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(STEM)) sessionStorage.removeItem(key);
}
