// The pages of records and rules that no other walk opens, in the manual's words: their columns, what is added, changed, refused and
// deleted there, and what the day's calls have left in them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { until } from "../tools.mjs";
import { walker } from "./forms.mjs";
import { admin, demo } from "./office.mjs";

let me, add, button, cancel, edit, fill, heads, open, refused, remove, rows, save, saved, steady, tab;
before(async () => {
  me = await admin();
  ({ add, button, cancel, edit, fill, heads, open, refused, remove, rows, save, saved, steady, tab } = walker(me));
});
after(() => me?.leave());

const [FIRST, SECOND] = demo.numbers;
const words = async (row) => (await row.first().locator("td").allTextContents()).map((one) => one.trim());
/** 导出 as CSV: its header and its lines. */
async function exported() {
  await button("导出");
  const [file] = await Promise.all([me.page.waitForEvent("download"), me.page.click('dialog footer button:has-text("CSV")')]);
  const [head, ...lines] = readFileSync(await file.path(), "utf8").slice(1).trimEnd().split("\r\n");
  await me.page.keyboard.press("Escape");
  return { head: head.split(","), lines };
}
const query = async (placeholder, typed) => {
  await me.page.fill(tab(`.filters input[placeholder="${placeholder}"]`), typed);
  await me.page.click(tab('.filters button:has-text("查询")'));
  await steady();
};
const reset = async () => {
  await me.page.click(tab('.filters button:has-text("重置")'));
  await steady();
};

test("客户分类 and 归属项目: a name once, changed, deleted; what a project asks beside stands in 项目界面", async () => {
  for (const [page, name] of [["客户分类", "重要"], ["归属项目", "续保"]]) {
    await open(page);
    await add();
    await saved({ name, position: "3" });
    await add();
    await refused({ name }, /已存在|已有/);
    await saved({ name: `${name}二` });
    await edit(`${name}二`);
    await saved({ position: "9" });
    await rows(`${name}二`).filter({ hasText: "9" }).waitFor();
    await remove(`${name}二`);
  }
  await open("项目界面");
  assert.deepEqual(await heads(), ["归属项目", "字段名称", "类型", "选项", "必填", "排序"]);
  await add();
  await refused({ project: "续保", kind: "单选", name: "险种" }, /选项/);
  await saved({ options: "车险\n寿险", required: true });
  await rows("险种").filter({ hasText: "是" }).waitFor();
  await remove("险种");
  await open("归属项目");
  await remove("续保");
});

test("客户资料-字段设置: an added field is in the customers' form and list, and goes again", async () => {
  await open("客户资料-字段设置");
  assert.deepEqual((await heads()).slice(0, 5), ["字段中文名", "字段长度", "控件长度", "是否显示", "是否弹屏显示"]);
  await button("添加字段");
  await saved({ kind: "字符串", name: "车牌号", length: "10", shown: true, queried: true });
  await rows("车牌号").waitFor();
  await open("客户资料");
  await until("the column", async () => (await heads()).includes("车牌号"));
  await open("客户资料-字段设置");
  await rows("车牌号").locator(".op.delete").click();
  await me.page.click("dialog footer .danger");
  await until("it is gone", async () => (await rows("车牌号").count()) === 0);
});

test("号码组: numbers of the company's trunks only", async () => {
  await open("号码组");
  await add();
  await refused({ name: "本地号", numbers: "13800000000" }, /线路|号码/);
  const own = (await me.api("/api/p/trunks?page=1&size=30")).rows[0].cells.callers.split(/[,，\s]+/)[0];
  await saved({ numbers: own });
  await rows("本地号").filter({ hasText: own }).waitFor();
  await edit("本地号");
  await saved({ name: "主叫号码" });
  await remove("主叫号码");
});

test("转坐席配置: a group of agents; without one it is refused", async () => {
  await open("转坐席配置");
  assert.deepEqual(await heads(), ["坐席组", "坐席", "任务数"]);
  await add();
  await refused({ name: "一组" }, /必填|请填写|检查/);
  const [seat] = await me.page.locator('dialog [data-field="seats"] label').allTextContents();
  await saved({ seats: [seat.trim()] });
  await rows("一组").filter({ hasText: seat.trim() }).waitFor();
  await add();
  await refused({ name: "一组", seats: [seat.trim()] }, /已存在|已有/);
  await cancel();
  await remove("一组");
});

test("高级配置: what a new task begins with", async () => {
  await open("高级配置");
  await edit("12:00~14:00");
  await refused({ ring_s: "5" }, /振铃时长/);
  await saved({ ring_s: "40" });
  await open("呼叫任务");
  await add();
  await me.page.click("dialog .advanced .link");
  assert.equal(await me.page.inputValue('dialog [data-field="ring_s"] input'), "40");
  await cancel().catch(() => me.page.reload());
  await open("高级配置");
  await edit("12:00~14:00");
  await saved({ ring_s: "30" });
});

test("呼叫任务: 可选高级设置 with further hours and redial, and 试算 before the start", async () => {
  await open("呼叫任务");
  await edit("七月回访");
  await me.page.click("dialog .advanced .link");
  await refused({ spans: "1-5 25:00~26:00" }, /更多时段|时段/);
  await refused({ spans: "1-5 20:00~21:00", ratio: "9" }, /倍|呼/);
  await saved({ ratio: "2", attempts: "3", redial_also: ["拒接"] });
  await rows("七月回访").locator(".op.what_if").click();
  await me.page.fill('dialog [data-field="agents"] input', "6");
  await me.page.click("dialog footer .main");
  const told = me.page.locator("dialog textarea.told");
  const error = me.page.locator("dialog .error");
  await until("it is told", async () => (await told.count()) > 0 || assert.equal(await error.count(), 0, (await error.allTextContents()).join()), 60_000);
  assert.match(await told.inputValue(), /坐席/);
  await me.page.keyboard.press("Escape");
});

test("节假日历: one day, many by lines, and what is no date is refused", async () => {
  await open("节假日历");
  await add();
  await saved({ date: "2027-02-08", kind: "放假", name: "春节" });
  await rows("2027-02-08").filter({ hasText: "春节" }).waitFor();
  await add();
  await refused({ date: "2027-02-08", kind: "调休上班" }, /已/);
  await cancel();
  await button("批量添加");
  await refused({ lines: "2027-02-30 放假" }, /2027-02-30/);
  await saved({ lines: "2027-02-09 放假 春节\n2027-02-20 调休上班" });
  await rows("2027-02-20").waitFor();
  for (const day of ["2027-02-08", "2027-02-09", "2027-02-20"]) await remove(day);
});

test("地区时段: where the day runs later", async () => {
  await open("地区时段");
  await add();
  await refused({ name: "乌鲁木齐", prefixes: "0991", later_min: "9000" }, /晚/);
  await saved({ later_min: "120" });
  await rows("乌鲁木齐").filter({ hasText: "120" }).waitFor();
  await edit("乌鲁木齐");
  await saved({ prefixes: "0991 0990" });
  await remove("乌鲁木齐");
});

test("公共池设置 and 外呼合规: bounds are said, the lock stops a start and says so", async () => {
  await open("公共池设置");
  await rows("").first().locator(".op.edit").click();
  await refused({ claims_per_day: "-1" }, /领取/);
  await saved({ claims_per_day: "20" });
  await open("外呼合规");
  await rows("").first().locator(".op.edit").click();
  await saved({ preview_only: true, note: "审计期间" });
  await rows("审计期间").waitFor();
  await open("呼叫任务");
  if ((await rows("演示任务").locator(".op.start").count()) > 0) {
    await rows("演示任务").locator(".op.start").click();
    await me.page.locator(".toast", { hasText: /仅预览|预览/ }).first().waitFor();
  }
  await open("外呼合规");
  await edit("审计期间");
  await saved({ preview_only: false, note: "已解除" });
});

test("X号码绑定: without a carrier the page and the refusal say so", async () => {
  await open("X号码");
  await add();
  await saved({ number: "17000000002", note: "绑定" });
  await open("X号码绑定");
  assert.deepEqual((await heads()).slice(0, 5), ["X号码", "坐席", "坐席电话(A)", "客户号码(B)", "客户"]);
  assert.match(await me.page.textContent(tab(".toolbar")), /运营商/);
  await button("绑定");
  const seat = me.page.locator('dialog [data-field="seat"] option:not([value=""])');
  await seat.first().waitFor({ state: "attached" });
  await refused({ x_number: "17000000002", seat: await seat.first().textContent(), customer: FIRST, days: "7" }, /运营商/);
  await cancel();
  await open("X号码");
  await remove("17000000002");
});

test("呼叫记录 and 任务结果: what became of each number of the list, and why", async () => {
  await open("呼叫记录");
  assert.deepEqual((await heads()).slice(0, 4), ["呼叫时间", "任务名称", "手机号码", "客户名称"]);
  await query("手机号码", FIRST);
  assert.ok((await words(rows(FIRST))).includes("已接听"));
  await reset();
  await open("任务结果");
  assert.deepEqual(await heads(), ["任务名称", "手机号码", "客户名称", "呼叫状态", "呼叫结果", "轮次", "次数", "下次可呼", "原因"]);
  const row = await words(rows(FIRST));
  assert.ok(row.includes("孙三") && row.includes("已接听"), row.join("|"));
  const { head, lines } = await exported();
  assert.ok(head.includes("原因") && lines.some((line) => line.includes(SECOND)), lines.join("\n"));
});

test("业务记录, 批量导入记录, 操作日志: what the day left, found by its filters", async () => {
  await open("业务记录");
  await query("内容", "套餐");
  await rows("客户想了解套餐的细节").waitFor();
  await reset();
  await open("批量导入记录");
  assert.deepEqual((await heads()).slice(0, 4), ["导入时间", "文件", "导入到", "任务"]);
  await rows("list.csv").first().waitFor();
  await open("操作日志");
  assert.deepEqual(await heads(), ["时间", "操作人", "来源", "操作", "对象", "详情"]);
  await rows("127.0.0.1").first().waitFor();
  const { lines } = await exported();
  assert.ok(lines.length > 10);
});

test("归属记录 and 号码记录: 分配 and 分配号码 are told there, and 归属记录 in the customer's row", async () => {
  await open("客户资料");
  await rows(FIRST).locator(".tick input").check();
  await button("分配");
  const seats = me.page.locator('dialog [data-field="seats"] label');
  await seats.first().waitFor();
  await seats.first().locator("input").check();
  await save();
  await until("the dialog is gone", async () => (await me.page.locator("dialog").count()) === 0);
  await open("归属记录");
  assert.deepEqual(await heads(), ["时间", "客户名称", "手机号码", "变更", "原归属人", "新归属人", "操作人", "原因"]);
  await rows(FIRST).filter({ hasText: "分配" }).first().waitFor();
  await open("客户资料");
  await rows(FIRST).locator(".op.owners").click();
  await me.page.locator("dialog, .toast").filter({ hasText: "→" }).first().waitFor();
  await me.page.keyboard.press("Escape");
  await open("号码记录");
  assert.deepEqual(await heads(), ["时间", "号码", "线路", "原坐席", "新坐席", "操作人"]);
});

test("预约回访: by the agent's record; put off, done, and gone from the list of what waits", async () => {
  await open("预约回访");
  assert.deepEqual(await heads(), ["预约时间", "归属人", "客户名称", "手机号码", "状态", "备注", "登记时间", "完结时间"]);
  const row = rows(FIRST).filter({ hasText: "待回访" });
  await row.waitFor();
  await row.locator(".op.edit").click();
  await refused({ due: "2020-01-01T08:00" }, /预约回访|时间/);
  await saved({ due: `${new Date().getFullYear() + 1}-01-02T08:30`, note: "年后再谈" });
  await rows("年后再谈").locator(".op.done").click();
  await rows("年后再谈").filter({ hasText: "已回访" }).waitFor();
  assert.equal(await rows("年后再谈").locator(".op.done").count(), 0);
});

test("公告管理 and 公告阅读记录: who has read it", async () => {
  await open("公告管理");
  await add();
  await refused({ title: "盘点", body: "周五盘点", audience: "指定部门" }, /部门/);
  await saved({ audience: "全部" });
  await rows("盘点").waitFor();
  await me.page.click('.topbar button:has-text("公告")');
  await me.page.locator("dialog .noticeitem button", { hasText: "盘点" }).click();
  await me.page.locator("dialog", { hasText: "周五盘点" }).waitFor();
  await me.page.keyboard.press("Escape");
  await open("公告阅读记录");
  await until("it is read", async () => (await button("刷新"), await steady(), (await rows("盘点").count()) > 0));
  await open("公告管理");
  await remove("盘点");
});

test("流量费用, 软件费, 充值记录: the ledger's lines, three decimals, and their sum is the balance", async () => {
  await open("流量费用");
  assert.deepEqual(await heads(), ["流水单号", "日期", "主叫", "被叫", "时长(秒)", "计费模式(秒)", "费率(秒)", "费用(元)"]);
  const charges = await exported();
  const at = charges.head.indexOf("费用(元)");
  const sum = charges.lines.reduce((all, line) => all + Math.round(Number(line.split(",")[at]) * 1000), 0);
  assert.ok(sum > 0);
  await open("充值记录");
  assert.deepEqual(await heads(), ["流水单号", "日期", "类型", "金额(元)", "余额(元)", "操作人", "备注"]);
  const topped = (await exported()).lines.reduce((all, line) => all + Math.round(Number(line.split(",")[3]) * 1000), 0);
  await open("软件费");
  assert.deepEqual(await heads(), ["流水单号", "日期", "坐席", "类型", "费用(元)", "余额(元)"]);
  const fees = (await exported()).lines.reduce((all, line) => all + Math.round(Number(line.split(",")[4]) * 1000), 0);
  const { balance } = await me.api("/api/home");
  assert.equal(topped - sum - fees, Math.round(balance / 1000), "Σ充值 − Σ流量费用 − Σ软件费");
});

test("线路 and 话术: changed with their bounds", async () => {
  await open("线路");
  await edit("模拟线路");
  await refused({ channels: "0" }, /并发/);
  await saved({ channels: "50" });
  await rows("模拟线路").filter({ hasText: "50" }).waitFor();
  await open("话术");
  await rows("转人工").first().waitFor();
});

test("勿再打记录: the slip of the agent's button", async () => {
  await open("勿再打记录");
  assert.deepEqual(await heads(), ["凭证号", "时间", "号码", "方式", "通话ID", "坐席"]);
});
