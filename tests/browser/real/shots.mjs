// Pictures for the README, from a running office with bots at work: an agent in a call, 首页, 呼叫任务, 通话记录.
// node tests/browser/real/shots.mjs [folder, default docs/images]; HUTONG_DEMO is the first line of `hutong demo --json`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT, until } from "../tools.mjs";
import { admin, agent } from "./office.mjs";

const folder = process.argv[2] ?? join(ROOT, "docs/images");
mkdirSync(folder, { recursive: true });

const me = await agent();
const shot = (who, name) => who.page.screenshot({ path: join(folder, `${name}.png`) });
await me.page.click("button.sign.out");
// A talk or two first, so that there is something to see; then one that lasts: some are over within a second.
for (let talks = 0; ; talks++) {
  await me.page.waitForSelector(".callcard.talking", { timeout: 120_000 });
  await me.page.fill(".cardform textarea", "客户想了解套餐的细节，约周五下午再联系");
  await me.page.selectOption(".cardform select >> nth=-1", { index: 1 });
  await me.page.click(".result >> nth=0");
  const clock = () => me.page.evaluate(() => document.querySelector(".callcard.talking time")?.textContent ?? "over");
  const seen = await until("two seconds, or the end", async () => /over|00:0[2-9]/.exec(await clock())?.[0], 20_000);
  if (talks >= 1 && seen !== "over") break;
  await me.page.keyboard.press("Control+Enter");
  await me.page.waitForSelector(".callcard.idle", { timeout: 120_000 });
}
await me.page.mouse.move(683, 760);
await shot(me, "page-agent");

const boss = await admin();
await boss.page.waitForSelector(".home .balance");
await boss.page.mouse.move(683, 760);
await shot(boss, "page-home");
const open = async (title) => {
  await boss.page.click(`.sidebar .item:text-is("${title}")`);
  await boss.page.waitForSelector(".tab:not([hidden]) .table tbody tr");
};
await open("呼叫任务");
await shot(boss, "page-campaigns");
await open("通话记录");
await boss.page.click(".tab:not([hidden]) tr:has-text('转人工') .play >> nth=3");
await until("the player is in the middle", () => boss.page.$eval(".player audio", (audio) => audio.currentTime > 2.5).catch(() => false), 20_000);
await shot(boss, "page-calls");
await Promise.all([me.leave(), boss.leave()]);
