// 勿再打 (X14): one button or key; the slip says when and for which number it was taken down.

import { Cell } from "./cell.ts";
import type { Card } from "./cards.ts";
import { ask, zone } from "./desk.ts";
import { dateTime } from "./format.ts";
import { t } from "./texts.ts";

/** By call: what was registered, in words. */
export const slips = new Cell<Record<number, string>>({});

/** First three and last four digits, whatever the seat may see. */
export const masked = (number: string): string => (/^\d{8,}$/.test(number) ? `${number.slice(0, 3)}****${number.slice(-4)}` : number);

export async function optOut(card: Card | undefined): Promise<void> {
  const call = card?.pop.call;
  if (card === undefined || call === undefined || slips.get()[call] !== undefined) return;
  if (await ask({ cmd: "opt_out", call })) {
    const slip = t("page.opt_out.slip", { number: masked(card.pop.number), time: dateTime(Date.now(), zone()) });
    slips.update((all) => ({ ...all, [call]: slip }));
  }
}
