// The administrator on the same page, after the agent's day: 首页, 呼叫任务 with an office's file, 通话记录.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { until } from "../tools.mjs";
import { admin, carrier, demo } from "./office.mjs";

const NAME = "七月回访";
/** 名单.csv in GBK with semicolons, as Excel saves it here: two good rows, one of them in another spelling again, one bad, one blocked. */
const SHEET = Buffer.from(
  "cad6bbfabac5c2eb3bbfcdbba7c3fbb3c60d0a" + // 手机号码;客户名称
    Buffer.from("15400210004;").toString("hex") + "d5d4d2bb0d0a" + // 赵一
    Buffer.from("+86 154 0022 0004;").toString("hex") + "c7aeb6fe0d0a" + // 钱二
    Buffer.from("154-0021-0004;").toString("hex") + "d5d4d2bb0d0a" +
    Buffer.from("1.54E+10;").toString("hex") + "c0eecbc40d0a" + // 李四
    Buffer.from(`${demo.blocked};`).toString("hex") + "d6dccee50d0a", // 周五
  "hex",
);

let me;
const tab = (rest) => `.tab:not([hidden]) ${rest}`;
const open = async (title) => {
  await me.page.click(`.sidebar .item:text-is("${title}")`);
  await me.page.waitForSelector(tab(".table tbody tr"));
};
const row = (name) => me.page.locator(tab(".table tbody tr"), { hasText: name });
const saved = async (click) => {
  const [download] = await Promise.all([me.page.waitForEvent("download"), click()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
};

before(async () => {
  me = await admin();
});
after(() => me?.leave());

test("lands on 首页 with 公司余额, to the cent what is left", async () => {
  await me.page.waitForSelector(".home .balance");
  assert.match(await me.page.textContent(".home .balance dt"), /公司余额/);
  const shown = Number((await me.page.textContent(".home .balance dd")).replace(/[^\d.]/g, ""));
  const { balance } = await me.api("/api/home");
  assert.ok(balance < 500_000_000, "the agent's calls cost something");
  assert.ok(Math.abs(shown - balance / 1e6) < 0.01, `${shown} shown, ${balance} micro-yuan left`);
  assert.equal(await me.page.getAttribute('.sidebar .item:text-is("首页")', "aria-current"), "page");
});

test("呼叫任务: 添加 with a GBK file imports it and says what became of each row", async () => {
  await open("呼叫任务");
  await me.page.click(tab('.toolbar .main:has-text("添加")'));
  await me.page.fill("dialog .k-text input", NAME);
  await me.page.selectOption("dialog .k-select select >> nth=0", { label: "转人工" });
  await me.page.selectOption("dialog .k-select select >> nth=1", { label: "模拟线路" });
  await me.page.click("dialog .advanced .link");
  for (const [at, [from, to]] of [["00:00", "24:00"], ["00:00", "00:00"]].entries()) {
    await me.page.fill(`dialog .k-span >> nth=${at} >> input >> nth=0`, from);
    await me.page.fill(`dialog .k-span >> nth=${at} >> input >> nth=1`, to);
  }
  await me.page.setInputFiles("dialog input[type=file]", { name: "名单.csv", mimeType: "text/csv", buffer: SHEET });
  await me.page.click("dialog footer .main");
  await me.page.waitForSelector(".importrun >> text=导入完成");
  assert.match(await me.page.textContent(".importrun"), /GB18030.*分号/s);
  const counts = await me.page.$$eval(".importrun .counts dd", (all) => all.map((one) => Number(one.textContent)));
  assert.deepEqual(counts, [5, 2, 1, 1, 1], "rows, added, duplicate, bad, blocked");
  const rejects = await saved(() => me.page.click(".importrun a.button"));
  assert.match(rejects.bytes.toString("utf8"), /1\.54E\+10/);
  await me.page.click("dialog footer .main");
  await row(NAME).waitFor();
});

test("启动 and 暂停 by their buttons; nobody is dialled while no agent is signed in", async () => {
  await row(NAME).locator(".op.start").click();
  await row(NAME).filter({ hasText: "运行中" }).waitFor();
  await row(NAME).locator(".op.pause").click();
  await row(NAME).filter({ hasText: "暂停中" }).waitFor();
  assert.deepEqual([...carrier("15400210004"), ...carrier("15400220004")], []);
});

test("通话记录 plays a recording, two lanes to look at", async () => {
  await open("通话记录");
  await row(demo.numbers[0]).locator(".play").click();
  await me.page.waitForSelector(".player .wave path.callee");
  await until("it plays", () => me.page.$eval(".player audio", (audio) => !audio.paused && audio.currentTime > 0.2));
  const [seconds, peaks] = await me.page.$eval(".player audio", (audio) => [audio.duration, document.querySelectorAll(".player .wave path").length]);
  assert.ok(seconds > 3 && peaks === 2, `${seconds} s, ${peaks} lanes`);
  assert.equal(await me.page.$(".player .error"), null);
});

test("导出 gives a CSV that Excel opens: BOM, the list's own headers, every call", async () => {
  await me.page.click(tab('.toolbar button:has-text("导出")'));
  const { name, bytes } = await saved(() => me.page.click('dialog footer button:has-text("CSV")'));
  assert.match(name, /\.csv$/);
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const [head, ...lines] = bytes.toString("utf8").slice(1).trimEnd().split("\r\n");
  for (const word of ["主叫", "被叫", "呼叫状态"]) assert.ok(head.includes(word), head);
  const { total } = await me.api("/api/p/calls?page=1&size=30");
  assert.equal(lines.length, total);
  assert.ok(lines.some((line) => line.includes(demo.numbers[0]) && line.includes("已接听")));
});
