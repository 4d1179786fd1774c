// 任务监控 in a tab of its own, and the buttons of a task that lead to another list.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clean } from "./clean.mjs";
import { desk } from "./desk.mjs";
import { action, choice, column, filter, page } from "./mock-office.mjs";
import { until } from "./tools.mjs";

const zeros = () => Array.from({ length: 24 }, () => 0);
const MONITOR = {
  id: 537, name: "六月回访", status: "running", why: "坐席都在忙",
  facts: [["话术名称", "转人工"], ["线路", "模拟线路一"], ["运行时间", "09:00~20:00"]],
  funnel: [["名单", 1242, ""], ["有效", 1198, "96.46%"], ["已呼", 386, "32.22%"], ["接通", 163, "42.23%"], ["转坐席", 160, "98.16%"]].map(([title, count, share]) => ({ title, count, share })),
  causes: [{ title: "忙", sip: "486", count: 51, share: "100%", next: "30 分后再呼（共 2 次）" }],
  calls_by_hour: zeros().fill(9, 9, 12), answered_by_hour: zeros().fill(4, 9, 12),
  pace: { mode: "预测", legs: [["拨号", 1], ["通话", 6]], agents: 12, free: 2, per_agent: "1.6", abandoned_bp: 184, cap_bp: 300, abandoned: "今日接通 163 通，呼损 3 通（1.84%），上限 3%；近 30 天 1.79%", wait: "近 1 小时平均空等 11 秒", done_at: null, eta: "余 812 个号码" },
};

let d;
before(async () => {
  d = await desk();
  const { state } = d.service;
  const tasks = state.catalogue.find((one) => one.id === "campaigns");
  tasks.actions.push(action("report", "外呼报表", "row", { opens: { page: "call_report", filter: "campaign" } }), action("monitor", "任务监控", "row"));
  state.catalogue.push(page("call_report", "predictive", "预测式外呼", "呼叫统计", {
    columns: [column("day", "日期", "date"), column("campaign", "任务名称")],
    filters: [filter("campaign", "任务名称", "select", [choice("537", "六月回访"), choice("495", "新客户")])],
  }));
  state.rows.campaigns = [[537, "六月回访"], [495, "新客户"]].map(([id, name]) => ({ id, cells: { id: String(id), name, status: "运行中" }, actions: ["pause", "report", "monitor"] }));
  state.rows.call_report = [["537", "六月回访"], ["495", "新客户"]].map(([task, name], at) => ({ id: at + 1, cells: { day: "2026-06-10", campaign: task, name } }));
  state.monitor = MONITOR;
  await d.login("admin");
});
after(() => d.close());

const here = (selector) => `.tab:not([hidden]) >> ${selector}`;
const open = async (title) => {
  await d.page.click(`.sidebar .item:text-is("${title}")`);
  await d.page.waitForSelector(here(".table tbody tr"));
};

test("任务监控 opens a tab, shows the task as it stands and looks again by itself", async () => {
  await open("呼叫任务");
  await d.page.click(here("tbody tr:nth-child(1) .op.monitor"));
  await d.page.waitForSelector('[role=tab]:has-text("任务监控 537")');
  await d.page.waitForSelector(here(".taskview h1:has-text('六月回访')"));
  assert.deepEqual(await d.page.$$eval(".taskview .funnel tr", (all) => all.map((one) => one.textContent)), ["名单1242", "有效119896.46%", "已呼38632.22%", "接通16342.23%", "转坐席16098.16%"]);
  assert.match(await d.page.textContent(".taskview"), /坐席都在忙.*近 1 小时平均空等 11 秒.*忙48651100%30 分后再呼/s);
  await clean(d.page, "任务监控");
  d.service.state.monitor = { ...MONITOR, why: "休息时间", pace: { ...MONITOR.pace, abandoned_bp: 400, abandoned: "已超上限" } };
  await d.page.waitForSelector(here(".taskview .why:has-text('休息时间')"), { timeout: 2_500 });
  assert.match(await d.page.textContent(".pace .bad"), /已超上限/);
  // What cannot be read says so beside what was seen last.
  d.service.state.monitor = null;
  await d.page.waitForSelector(here(".taskview header .error:has-text('服务繁忙')"));
  assert.match(await d.page.textContent(".taskview"), /休息时间/);
});

test("外呼报表 leads to the report of that task, also where its tab stands open", async () => {
  for (const [row, task] of [[1, "537"], [2, "495"]]) {
    await d.page.click('[role=tab]:has-text("呼叫任务")');
    await d.page.click(here(`tbody tr:nth-child(${row}) .op.report`));
    await d.page.waitForSelector('[role=tab][aria-selected=true]:has-text("呼叫统计")');
    await until("its rows alone", async () => (await d.page.$$eval(".tab:not([hidden]) tbody tr td:nth-child(2)", (all) => all.map((one) => one.textContent))).join() === task);
    assert.equal(await d.page.inputValue(here(".filters select")), task);
  }
  await d.page.click(here('button:text-is("重置")'));
  await until("all rows", async () => (await d.page.$$(".tab:not([hidden]) tbody tr")).length === 2);
});
