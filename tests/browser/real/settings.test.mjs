// 系统设置 as the office sets it up, page by page: what is added stands in the list, what is changed too, what is wrong is said
// in words and loses nothing that was typed, and what is deleted is gone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { tone, until } from "../tools.mjs";
import { walker } from "./forms.mjs";
import { admin } from "./office.mjs";

let me, add, closed, edit, open, refused, remove, rows, saved;
before(async () => {
  me = await admin();
  ({ add, closed, edit, open, refused, remove, rows, saved } = walker(me));
});
after(() => me?.leave());

test("系统语音: a WAV becomes a prompt, is heard, and a new file is a new version", async () => {
  const file = (hertz) => ({ name: `${hertz}.wav`, mimeType: "audio/wav", buffer: tone(hertz, 1) });
  await open("系统语音");
  await add();
  await saved({ name: "下班通知", purpose: "非工作时间", file: file(600) });
  await rows("下班通知").filter({ hasText: "600.wav" }).waitFor();
  await rows("下班通知").locator(".op.play").click();
  const heard = () => me.page.$eval("dialog audio", (audio) => audio.play().then(() => audio.duration));
  const seconds = await heard();
  assert.ok(Math.abs(seconds - 1) < 0.1, `${seconds} s`);
  await me.page.setInputFiles("dialog input[type=file]", file(900));
  await me.page.click("dialog footer .main");
  await me.page.waitForSelector("dialog select option >> nth=1", { state: "attached" });
  assert.equal(await me.page.locator("dialog select option").count(), 2, "the earlier one can still be heard");
  await me.page.selectOption("dialog select", "1");
  assert.ok((await heard()) > 0.9);
  await me.page.setInputFiles("dialog input[type=file]", { name: "名单.wav", mimeType: "audio/wav", buffer: Buffer.from("手机号码\n") });
  await me.page.click("dialog footer .main");
  await me.page.waitForSelector("dialog .error");
  await me.page.click('dialog footer button:has-text("关闭")');
  const shown = rows("下班通知");
  await shown.filter({ hasText: "900.wav" }).waitFor();
  assert.equal(await shown.locator("td").nth(4).textContent(), "2", "a file that is no sound makes no version");
});

test("等待语音: one for the company; a second is refused", async () => {
  await open("等待语音");
  await add();
  await saved({ prompt: "下班通知", announce: true });
  await add();
  await refused({ prompt: "下班通知" }, /已/);
  await saved({ department: "业务部" });
  await edit("业务部");
  await saved({ announce: true });
  await remove("业务部");
  await remove("全公司");
});

test("评价设置: keys with their words; without a prompt it is not enabled, with the same key twice it is refused", async () => {
  await open("评价设置");
  await add();
  await refused({ keys: "1 满意\n1 一般" }, /按键|1/);
  await refused({ keys: "1 满意\n2 一般\n3 不满意", enabled: true }, /语音/);
  await saved({ prompt: "下班通知" });
  await rows("满意").filter({ hasText: "是" }).waitFor();
  await edit("满意");
  await saved({ tries: "3", enabled: false });
  await rows("满意").filter({ hasText: "否" }).waitFor();
  await remove("满意");
});

test("转移设置: one aim; none or two are refused", async () => {
  await open("转移设置");
  await add();
  await refused({ seat: await seat(0), moment: "无应答" }, /转移到/);
  await refused({ to_mobile: "15400000009", to_department: "业务部" }, /一个/);
  await saved({ to_department: "" });
  await rows("15400000009").waitFor();
  await edit("15400000009");
  await saved({ seconds: "30", enabled: false });
  await rows("15400000009").filter({ hasText: "30" }).filter({ hasText: "否" }).waitFor();
  await remove("15400000009");
});

test("X号码: a number once, and to a seat only with a phone of its own", async () => {
  await open("X号码");
  await add();
  await saved({ number: "17000000001", note: "第一批" });
  await add();
  await refused({ number: "17000000001" }, /已存在/);
  await me.page.click('dialog footer button:has-text("取消")');
  await me.page.click("dialog footer .danger");
  await closed();
  await edit("17000000001");
  await refused({ seat: await seat(0) }, /移动电话/);
  await saved({ seat: "", note: "第二批" });
  await rows("第二批").waitFor();
  await remove("17000000001");
});

test("弹屏设置: when the card opens, and an address of one's own", async () => {
  await open("弹屏设置");
  await edit("外呼");
  await refused({ url: "javascript:alert(1)" }, /http/);
  await saved({ url: "https://crm.example/open?phone={phone}", moment: "接通时" });
  await rows("外呼").filter({ hasText: "接通时" }).filter({ hasText: "crm.example" }).waitFor();
  await edit("外呼");
  await saved({ url: "", moment: "振铃时" });
});

test("呼叫轮询: of a trunk; without an aim it is refused", async () => {
  await open("呼叫轮询");
  await add();
  await refused({ policy: "最少使用" }, /一个/);
  await saved({ trunk: "模拟线路", per_hour: "20" });
  await rows("模拟线路").filter({ hasText: "20" }).waitFor();
  await edit("模拟线路");
  await saved({ policy: "随机" });
  await rows("模拟线路").filter({ hasText: "随机" }).waitFor();
  await remove("模拟线路");
});

test("话后设置: a department's own seconds; the company's own rule stays", async () => {
  await open("话后设置");
  await add();
  await refused({ department: "业务部", seconds: "99999" }, /话后/);
  await saved({ seconds: "20", must_save: true });
  await rows("业务部").filter({ hasText: "20" }).waitFor();
  await edit("业务部");
  await saved({ seconds: "25" });
  await remove("业务部");
  await rows("全公司").waitFor();
});

test("示忙分类: a reason with its colour and bounds; the same name is refused", async () => {
  await open("示忙分类");
  await add();
  await saved({ name: "巡检", code: "patrol", max_minutes: "20", max_people: "2" });
  await rows("巡检").filter({ hasText: "patrol" }).waitFor();
  await add();
  await refused({ name: "再巡检", code: "patrol" }, /已存在/);
  await saved({ code: "patrol_2" });
  await edit("再巡检");
  await saved({ enabled: false });
  await rows("再巡检").filter({ hasText: "否" }).waitFor();
  await remove("再巡检");
  await remove("巡检");
});

/** The words of the form's n-th seat. */
async function seat(n) {
  const options = me.page.locator('dialog [data-field="seat"] option:not([value=""])');
  await options.nth(n).waitFor({ state: "attached" });
  return options.nth(n).textContent();
}
