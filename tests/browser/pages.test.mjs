// The administrator's pages, drawn from the catalogue.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { desk } from "./desk.mjs";
import { until } from "./tools.mjs";

let d;
before(async () => {
  d = await desk();
  await d.page.goto(d.service.url);
});
after(() => d.close());

const open = async (title) => {
  await d.page.click(`.sidebar .item:text-is("${title}")`);
  await d.page.waitForSelector(".tab:not([hidden]) .table tbody tr, .tab:not([hidden]) .empty");
};
const here = (selector) => `.tab:not([hidden]) >> ${selector}`;

test("a wrong password gets the service's sentence and keeps the other two", async () => {
  await d.page.fill("[name=company]", "demo");
  await d.page.fill("[name=account]", "admin");
  await d.page.fill("[name=password]", "wrong");
  await d.page.click("button[type=submit]");
  await d.page.waitForSelector(".login .error:has-text('公司账号、账号或密码不对')");
  assert.equal(await d.page.inputValue("[name=account]"), "admin");
  assert.deepEqual(await d.page.$$eval(".login input", (all) => all.map((one) => one.autocomplete)), ["organization", "username", "current-password"]);
});

test("the administrator lands on 首页 with balance, hours and charges", async () => {
  await d.page.fill("[name=password]", "secret");
  await d.page.keyboard.press("Enter");
  await d.page.waitForSelector(".balance");
  assert.match(await d.page.textContent(".balance"), /公司余额\s*1,234\.567 元/);
  assert.match(await d.page.textContent(".home"), /话费消费趋势/);
});

test("1255 customers are 42 pages; 确定 jumps; a filter starts at page 1", async () => {
  await open("客户资料");
  assert.match(await d.page.textContent(here(".pager")), /42.*共 1255 条.*30 条\/页/);
  await d.page.fill(here(".pager input"), "42");
  await d.page.click(here('.pager >> text=确定'));
  await until("25 rows", async () => (await d.page.$$(".tab:not([hidden]) .table tbody tr")).length === 25);
  await d.page.fill(here('.filters input[placeholder="客户名称"]'), "赵一");
  await d.page.click(here('button:text-is("查询")'));
  await until("157 rows in all", async () => /共 157 条/.test(await d.page.textContent(here(".pager"))));
  assert.equal(await d.page.textContent(here('.pager [aria-current="page"]')), "1");
  await d.page.click(here('button:text-is("重置")'));
  await until("all again", async () => /共 1255 条/.test(await d.page.textContent(here(".pager"))));
});

test("批量删除 names its targets before it does anything", async () => {
  await d.page.check(here("tbody input >> nth=0"));
  await d.page.check(here("tbody input >> nth=1"));
  await d.page.click(here("text=批量删除 (2)"));
  assert.match(await d.page.textContent("dialog .body"), /批量删除：.*赵一、钱二/);
  await d.page.click("dialog >> text=取消");
  assert.equal(d.posts("/api/p/customers/action").length, 0);
  await d.page.click(here("text=批量删除 (2)"));
  await d.page.click("dialog .danger");
  await until("the action", () => d.posts("/api/p/customers/action/delete").length === 1);
  assert.deepEqual(d.posts("/api/p/customers/action/delete")[0].body.ids, [1, 2]);
});

test("the form says what is missing, and keeps everything when the service refuses", async () => {
  await d.page.click(here('.toolbar >> text=添加'));
  await d.page.click("dialog footer .main");
  await d.page.waitForSelector("dialog .wrong:has-text('请填写此项')");
  await d.page.fill("dialog input >> nth=0", "10000005555");
  await d.page.fill("dialog input >> nth=1", "重复");
  await d.page.fill("dialog textarea", "备注一行");
  await d.page.click("dialog footer .main");
  await d.page.waitForSelector("dialog .error:has-text('已经有了')");
  assert.equal(await d.page.inputValue("dialog textarea"), "备注一行");
  await d.page.keyboard.press("Escape");
  await d.page.waitForSelector("dialog .question:has-text('还没有保存')");
  await d.page.click("dialog:has(.question) >> text=取消");
  await d.page.fill("dialog input >> nth=1", "新客户");
  await d.page.click("dialog footer .main");
  await until("closed", async () => (await d.page.$("dialog")) === null);
  const sent = d.posts("/api/p/customers").at(-1).body;
  assert.equal(sent.mobile, "10000005555");
  assert.equal(sent.note, "备注一行");
});

test("添加任务 makes the task and imports its file in one 保存; the counts add up on screen", async () => {
  await open("呼叫任务");
  await d.page.click(here('.toolbar >> text=添加'));
  assert.match(await d.page.textContent("dialog .k-file"), /仅支持CSV格式的文件，单个表格最多可导入30万数据；请用逗号或分号分隔。Excel「另存为 CSV UTF-8」或带 BOM 的 UTF-8、以及 GBK 编码均可识别。/);
  assert.deepEqual(await d.page.$$eval("dialog .body > .line > label, dialog .body > .line > .label", (all) => all.map((one) => one.textContent)), ["任务名称*", "话术名称*", "线路*", "导入数据", "同步到客户资料"]);
  await d.page.click("dialog >> text=可选高级设置");
  await d.page.fill("dialog .k-text input", "七月活动");
  await d.page.selectOption("dialog select >> nth=0", "1");
  await d.page.selectOption("dialog select >> nth=1", "2");
  await d.page.check("dialog .yesno input >> nth=0");
  await d.page.fill("dialog .k-span input >> nth=1", "24:00");
  await d.page.setInputFiles("dialog input[type=file]", { name: "名单.csv", mimeType: "text/csv", buffer: Buffer.from("手机号码\r\n10000001037\r\n") });
  await d.page.click("dialog footer .main");
  await d.page.waitForSelector("text=正在读取和检查");
  await d.page.waitForSelector("text=导入完成");
  const task = d.posts("/api/p/campaigns").at(-1).body;
  assert.equal(task.run, "09:00~24:00");
  assert.ok(!("file" in task));
  assert.match(d.posts("/api/import/campaigns").at(-1).path, /campaign=600&sync=true/);
  const counts = await d.page.$$eval(".counts dd", (all) => all.map((one) => Number(one.textContent)));
  assert.equal(counts[0], counts[1] + counts[2] + counts[3] + counts[4]);
  assert.match(await d.page.textContent(".samples"), /17.*1\.39E\+10.*错误.*科学计数法/);
  assert.match(await d.page.getAttribute("text=下载未导入的行", "href"), /\/api\/import\/\d+\/rejects/);
  await d.page.click("dialog footer .main");
});

test("追加号码 of a file with too many rows stores nothing and says so", async () => {
  await d.page.click(here("tbody tr:nth-child(3) .op.append"));
  assert.match(await d.page.textContent("dialog h2"), /追加号码 · 端午活动/);
  await d.page.setInputFiles("dialog input[type=file]", { name: "大表.csv", mimeType: "text/csv", buffer: Buffer.from("太多行") });
  await d.page.click("dialog footer .main");
  await d.page.waitForSelector("dialog .error:has-text('没有导入任何数据')");
  assert.match(d.posts("/api/import/campaigns").at(-1).path, /campaign=494/);
  await d.page.click("dialog >> text=再导一个文件");
  await d.page.waitForSelector("dialog input[type=file]");
  await d.page.click("dialog footer >> text=取消");
});

test("start at once, redial only after a yes; only what the row allows is there", async () => {
  assert.deepEqual(await d.page.$$eval(".tab:not([hidden]) tbody tr:nth-child(6) .op", (all) => all.map((one) => one.textContent)), ["暂停", "追加号码", "编辑"]);
  await d.page.click(here("tbody tr:nth-child(1) .op.start"));
  await until("start", () => d.posts("/api/p/campaigns/action/start").length === 1);
  await d.page.click(here("tbody tr:nth-child(3) .op.redial"));
  await d.page.waitForSelector("dialog .question:has-text('任务重呼：端午活动')");
  await d.page.click("dialog .main");
  await until("redial", () => d.posts("/api/p/campaigns/action/redial").length === 1);
});

test("a recording plays in the page with two lanes, seeks by a click, and downloads", async () => {
  await open("通话记录");
  await d.page.click(here(".play >> nth=0"));
  await d.page.waitForSelector(".wave path.callee[d]");
  await until("it plays", () => d.page.evaluate(() => document.querySelector(".player audio").currentTime > 0));
  const box = await (await d.page.$(".wave svg")).boundingBox();
  await d.page.mouse.click(box.x + box.width * 0.75, box.y + 20);
  await until("it jumped", () => d.page.evaluate(() => document.querySelector(".player audio").currentTime > 2.8));
  const [saved] = await Promise.all([d.page.waitForEvent("download"), d.page.click(".player >> text=下载录音")]);
  assert.match(saved.url(), /\/api\/recording\/9000\?download=1/);
});

test("an export carries the filters of the list", async () => {
  await d.page.fill(here('.filters input[placeholder="主被叫号码"]'), "1037");
  await d.page.click(here('button:text-is("查询")'));
  for (const [button, query] of [["CSV (.csv)", /\/api\/p\/calls\/export\?q\.phone=1037$/], ["Excel 工作簿 (.xlsx)", /\/api\/p\/calls\/export\?q\.phone=1037&format=xlsx$/]]) {
    await d.page.click(here('.toolbar >> text=导出'));
    const [saved] = await Promise.all([d.page.waitForEvent("download"), d.page.click(`dialog footer >> text=${button}`)]);
    assert.match(decodeURIComponent(saved.url()), query);
  }
});

test("tabs keep their state, close by ×, and the last one stays", async () => {
  await d.page.click('[role=tab]:has-text("客户资料")');
  await d.page.click('[role=tab]:has-text("通话记录")');
  assert.equal(await d.page.inputValue(here('.filters input[placeholder="主被叫号码"]')), "1037");
  for (const title of ["首页", "客户资料", "呼叫任务"]) await d.page.click(`[role=tab]:has-text("${title}") .x`);
  assert.deepEqual(await d.page.$$eval("[role=tab]", (all) => all.map((one) => one.firstChild.textContent)), ["通话记录"]);
  assert.equal(await d.page.$("[role=tab] .x"), null);
});

test("the wall shows what the board says", async () => {
  await d.page.click('.sidebar .item:text-is("实时监控")');
  await d.page.waitForSelector(".seatstate.talking");
  assert.match(await d.page.textContent(".wall"), /● 通话赵一\(8001\).*企业通知.*312\/1242/s);
  d.service.push({ msg: "board", seq: 2, full: false, at: Date.now(), calls: [] });
  await d.page.waitForSelector("text=现在没有通话");
  const watched = d.commands("watch_board").length;
  d.service.push({ msg: "board", seq: 9, full: false, at: Date.now(), calls: [] });
  await until("a gap asks for a new snapshot", () => d.commands("watch_board").length === watched + 1);
});

test("English on demand, also of what the service words", async () => {
  await d.page.click("header >> text=English");
  await d.page.waitForSelector("header >> text=Log out");
  assert.equal(await d.page.evaluate(() => document.documentElement.lang), "en");
  assert.equal(d.posts("/api/me").at(-1).body.lang, "en");
  await d.page.click("header >> text=中文");
  await d.page.waitForSelector("header >> text=退出");
});
