// 我的任务 (F59): what an agent set for dialling his list, and when the next number is dialled by itself.
import { Cell } from "./cell.ts";
import type { SeatView } from "./types.ts";

export interface Wishes {
  /** 自动下一个: after 话后 the next number is dialled. */
  auto: boolean;
  /** 启用弹屏: the card comes to the front while the list is dialled. */
  pop: boolean;
  /** 请选择任务; "" = any. */
  campaign: string;
}

const KEPT = "hutong.my_tasks";
export const wishes = new Cell<Wishes>(read());

export function wish(part: Partial<Wishes>): void {
  wishes.update((old) => ({ ...old, ...part }));
  globalThis.localStorage?.setItem(KEPT, JSON.stringify(wishes.get()));
}

function read(): Wishes {
  const fresh = { auto: true, pop: true, campaign: "" };
  try {
    return { ...fresh, ...(JSON.parse(globalThis.localStorage?.getItem(KEPT) ?? "{}") as Partial<Wishes>) };
  } catch {
    return fresh;
  }
}

/** The seat came to 空闲 behind a call of the list, and wants the next one. `previewed`: its last call was one. */
export const dialsNext = (before: SeatView | null, now: SeatView, previewed: boolean): boolean =>
  previewed && wishes.get().auto && now.state === "idle" && before !== null && ["wrap_up", "talking", "ringing"].includes(before.state);
