// The office's record pages, step by step in the manual's words.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clean } from "./clean.mjs";
import { desk } from "./desk.mjs";
import { until } from "./tools.mjs";

let d;
before(async () => {
  d = await desk();
  d.service.state.seat = { ...d.service.state.seat, seat: 1 };
  await d.login("admin");
});
after(() => d.close());

const open = async (title) => {
  await d.page.click(`.sidebar .item:text-is("${title}")`);
  await d.page.waitForSelector(".tab:not([hidden]) .table tbody tr, .tab:not([hidden]) .empty");
};
const here = (selector) => `.tab:not([hidden]) >> ${selector}`;
const bar = (title) => d.page.click(here(`.toolbar >> button:has-text("${title}")`));
const go = () => d.page.click("dialog footer .button >> nth=0");
const post = (path) => until(path, () => d.posts(path).at(-1)?.body);
const line = (id) => `dialog [data-field="${id}"]`;
const closed = () => until("the dialog is closed", async () => (await d.page.$("dialog")) === null);

test("客户资料 → 分配: to the ticked or to all that the filters find, evenly among seats; 撤销 takes it back", async () => {
  await open("客户资料");
  d.service.state.replies["customers.assign"] = { done: 3, text: "已把 3 位客户平均分给 2 名坐席。", undo: "assign-7" };
  for (const n of [0, 1, 2]) await d.page.check(here(`tbody input >> nth=${n}`));
  await bar("分配");
  assert.match(await d.page.textContent("dialog .scope"), /对勾选的 3 条.*对筛选出的全部 1255 条/);
  await go();
  await d.page.waitForSelector(`${line("seats")} .wrong`);
  await d.page.check(`${line("seats")} >> text=赵一(8001)`);
  await d.page.check(`${line("seats")} >> text=钱二(8002)`);
  await clean(d.page, "分配");
  await go();
  assert.deepEqual(await post("/api/p/customers/action/assign"), { ids: [1, 2, 3], args: { mode: "assign_evenly", seats: "1,2", counts: "" } });
  await d.page.click(".toast:has-text('平均分给 2 名坐席') >> text=撤销");
  await d.page.waitForSelector(".toast:has-text('已撤销：3 位客户回到原归属人')");
  assert.equal(d.posts("/api/undo/assign-7").length, 1);
});

test("批量删除 of all that the filters find asks for their number in figures", async () => {
  await d.page.fill(here('.filters input[placeholder="客户名称"]'), "赵一");
  await d.page.click(here('button:text-is("查询")'));
  await until("157 rows", async () => /共 157 条/.test(await d.page.textContent(here(".pager"))));
  await bar("批量删除");
  await d.page.check("dialog .scope >> text=对筛选出的全部 157 条");
  await d.page.fill("dialog .figure input", "15");
  await go();
  await d.page.waitForSelector("dialog .figure .wrong:has-text('请输入 157')");
  assert.equal(d.posts("/api/p/customers/action/delete").length, 0);
  await d.page.fill("dialog .figure input", "157");
  await go();
  assert.deepEqual(await post("/api/p/customers/action/delete"), { ids: [], args: {}, all: true, filters: { name: "赵一" } });
  await closed();
  await d.page.click(here('button:text-is("重置")'));
});

test("共 N 条 stops counting at a great number, and counts on at a click", async () => {
  d.service.state.countMost = 1000;
  await d.page.click(here('button:text-is("刷新")'));
  await d.page.click(here('.pager >> text=共 1000+ 条'));
  await d.page.waitForSelector(here('.pager >> text=共 1255 条'));
  d.service.state.countMost = Infinity;
});

test("what another changed is read again by itself", async () => {
  d.service.push({ msg: "changed", page: "seats" });
  d.service.state.notes.customers = ["今日新增 4 位"];
  assert.equal(await d.page.$(here(".note")), null);
  d.service.push({ msg: "changed", page: "customers" });
  await d.page.waitForSelector(here(".note:has-text('今日新增 4 位')"));
  await open("业务记录");
  d.service.state.notes.customers = ["今日新增 5 位"];
  d.service.push({ msg: "changed", page: "customers" });
  await open("客户资料");
  await d.page.waitForSelector(here(".note:has-text('今日新增 5 位')"));
});

const sheet = (name) => ({ name, mimeType: "", buffer: Buffer.from("手机号码;客户名称\r\n") });

test("客户资料 → 批量导入: choose the file, see how it is understood, map a column, merge, deal; the counts, the rejects, 撤销", async () => {
  await bar("批量导入");
  assert.match(await d.page.textContent("dialog"), /仅支持CSV格式的文件.*也可以直接选择 Excel 的 \.xlsx 文件/);
  assert.equal(await d.page.getAttribute("dialog .filepick a", "href"), "/api/template/customers");
  await d.page.setInputFiles("dialog input[type=file]", sheet("客户.csv"));
  await go();
  await d.page.waitForSelector("dialog .facts:has-text('GB18030 · 分隔符：分号 · 1000 行')");
  assert.equal(d.posts("/api/import/customers/run").length, 0, "nothing is stored yet");
  const to = (at) => `dialog .mapping thead select >> nth=${at}`;
  assert.deepEqual(await d.page.$$eval("dialog .mapping thead select", (all) => all.map((one) => one.value)), ["mobile", "name", "", "landline"]);
  assert.ok(await d.page.$("dialog .mapping th:has-text('姓名') .tag:has-text('沿用上次')"));
  await d.page.selectOption(to(2), "name");
  await d.page.waitForSelector("dialog .wrong:has-text('有两列都对应「客户名称」')");
  assert.equal(await d.page.isDisabled("dialog footer .main"), true);
  await d.page.selectOption(to(2), "note");
  await d.page.check("dialog >> text=只补空白");
  await d.page.check(`${line("seats")} >> text=钱二(8002)`);
  await clean(d.page, "核对字段");
  await go();
  await d.page.waitForSelector("dialog >> text=导入完成");
  assert.deepEqual(d.posts("/api/import/customers/run").at(-1).body, { look: "look-1", columns: ["mobile", "name", "note", "landline"], existing: "merge", owners: [2] });
  assert.match(await d.page.textContent(".counts"), /总行数1000已导入960已更新20重复25错误12黑名单3/);
  assert.match(await d.page.getAttribute("text=下载未导入的行", "href"), /\/api\/import\/\d+\/rejects/);
  await clean(d.page, "导入完成");
  await d.page.click("dialog >> text=撤销本次导入");
  await d.page.click("dialog:has-text('撤销本次导入的 980 条？') >> footer .danger");
  await d.page.waitForSelector("dialog .tag:has-text('本次导入已撤销')");
  assert.match(d.posts("/api/undo/import-").at(-1).path, /import-\d+$/);
  await go();
  await closed();
});

test("批量导入 takes the .xlsx as it is", async () => {
  await bar("批量导入");
  await d.page.setInputFiles("dialog input[type=file]", sheet("客户.xlsx"));
  await go();
  await d.page.waitForSelector("dialog .facts:has-text('XLSX · 1000 行')");
  assert.ok(!/分隔符/.test(await d.page.textContent("dialog .facts")));
  await d.page.click("dialog >> text=重选文件");
  await d.page.waitForSelector("dialog input[type=file]");
  await d.page.click("dialog footer >> text=取消");
  await closed();
});

test("批量导入记录: the rows that were not imported, and 撤销导入 by the file's name", async () => {
  await open("批量导入记录");
  const [file] = await Promise.all([d.page.waitForEvent("download"), d.page.click(here(".op.rejects"))]);
  assert.match(file.url(), /\/api\/import\/44\/rejects$/);
  await d.page.click(here(".op.undo"));
  await d.page.click("dialog:has-text('撤销导入：客户.csv') footer .main");
  assert.deepEqual(await post("/api/p/imports/action/undo"), { ids: [44], args: {} });
});

test("公共池 → 领取: whom another was faster with is named", async () => {
  await open("公共池");
  d.service.state.replies["public_pool.claim"] = { done: 1, refused: [[3, { code: "pool.taken", text: "「孙三」已被他人领取。" }]] };
  await d.page.check(here("tbody input >> nth=1"));
  await d.page.check(here("tbody input >> nth=2"));
  await bar("领取 (2)");
  assert.deepEqual(await post("/api/p/public_pool/action/claim"), { ids: [2, 3], args: {} });
  await d.page.waitForSelector(".toast:has-text('领取：完成 1 条')");
  await d.page.waitForSelector(".toast.bad:has-text('「孙三」已被他人领取')");
});

test("坐席设置: the three counters, 批量添加 by a range, 分配号码, 转移号码, 编辑 with the word on the two passwords", async () => {
  d.service.state.notes.seats = ["可用号码: 1个", "已用号码: 1个", "未用号码: 0个"];
  await open("坐席设置");
  assert.deepEqual(await d.page.$$eval(".tab:not([hidden]) .note", (all) => all.map((one) => one.textContent)), d.service.state.notes.seats);
  d.service.state.replies["seats.add_many"] = { done: 10, text: ["坐席号,用户名,密码", ...Array.from({ length: 10 }, (_, i) => `${8010 + i},u${8010 + i},once-${i}`)].join("\n") };
  await bar("批量添加");
  await d.page.fill(`${line("first")} input`, "8010");
  await d.page.fill(`${line("last")} input`, "8019");
  await d.page.selectOption(`${line("role")} select`, "4");
  await go();
  assert.deepEqual((await post("/api/p/seats/action/add_many")).args, { first: "8010", last: "8019", role: "4", one_password: "" });
  await d.page.waitForSelector("dialog .told");
  assert.match(await d.page.inputValue("dialog .told"), /8019,u8019,once-9$/);
  await clean(d.page, "shown once");
  const [file] = await Promise.all([d.page.waitForEvent("download"), d.page.click("dialog >> text=保存为文件")]);
  assert.equal(file.suggestedFilename(), "批量添加.csv");
  await d.page.click("dialog footer >> text=关闭");
  await closed();
  await bar("分配号码");
  await d.page.selectOption(`${line("seat")} select`, "2");
  await d.page.check(`${line("numbers")} >> text=10000005002`);
  await go();
  assert.deepEqual(await post("/api/p/seats/action/assign_numbers"), { ids: [], args: { seat: "2", numbers: "2" } });
  await closed();
  await bar("转移号码");
  await d.page.selectOption(`${line("number")} select`, "2");
  await d.page.selectOption(`${line("receiver")} select`, "1");
  await go();
  assert.deepEqual(await post("/api/p/seats/action/transfer_number"), { ids: [], args: { number: "2", receiver: "1" } });
  await closed();
  d.service.state.replies["seats.phone_password"] = { done: 1, text: "坐席 8002 的小电话新密码：once-8002（只显示这一次）" };
  await d.page.click(here("tbody tr:nth-child(2) .op.phone_password"));
  await d.page.click("dialog:has-text('重置小电话密码：钱二') footer .main");
  await d.page.waitForSelector("dialog .told");
  assert.match(await d.page.inputValue("dialog .told"), /once-8002/);
  await d.page.click("dialog footer >> text=关闭");
  await closed();
  await d.page.click(here("tbody tr:nth-child(2) .op.edit"));
  await d.page.waitForSelector("dialog .hint:has-text('只能重置网页密码，小电话密码不在此处调整')");
  assert.equal(await d.page.isDisabled(`${line("extension")} input`), true);
  await d.page.check(`${line("pop_busy")} >> text=是`);
  await clean(d.page, "编辑坐席");
  await go();
  const sent = await until("the seat", () => d.posts("/api/p/seats/2").at(-1)?.body);
  assert.equal(sent.pop_busy, "true");
  assert.ok(!("password" in sent) && !("extension" in sent));
  await closed();
});

test("角色管理 → 编辑: the tree 权限操作 with 全选 at each step; words beyond the asker's own stay", async () => {
  await open("角色管理");
  assert.deepEqual(await d.page.$$eval(".tab:not([hidden]) tbody td:nth-child(2)", (all) => all.map((one) => one.textContent)), ["管理员", "部门经理", "主管", "坐席"]);
  await d.page.click(here("tbody tr:nth-child(4) .op.edit"));
  await d.page.waitForSelector("dialog .permissions fieldset");
  assert.deepEqual(await d.page.$$eval('dialog .pagewords[aria-label="客户资料"] label', (all) => all.map((one) => one.textContent.trim())), ["客户资料", "查看", "添加", "批量导入", "导出", "编辑", "批量删除", "转移公共池"]);
  assert.equal(await d.page.isChecked('dialog input[value="calls.play"]'), true);
  await d.page.check('dialog [aria-label="业务记录 全选"]');
  assert.equal(await d.page.evaluate(() => document.querySelector('[aria-label="客户案件管理 全选"]').indeterminate), true);
  await d.page.check('dialog [aria-label="客户案件管理 全选"]');
  await d.page.uncheck('dialog input[value="customers.delete"]');
  await d.page.uncheck('dialog input[value="calls.play"]');
  await clean(d.page, "权限操作");
  await go();
  const words = (await until("the role", () => d.posts("/api/p/roles/4").at(-1)?.body)).permissions.split(",");
  assert.deepEqual(words.sort(), ["activities.export", "activities.view", "calls.view", "customers.add", "customers.edit", "customers.export", "customers.import", "customers.release", "customers.view", "elsewhere.secret"]);
  await closed();
});

test("部门管理: 添加顶级部门, 添加下级, 删除 by name", async () => {
  await open("部门管理");
  await bar("添加顶级部门");
  await d.page.fill(`${line("name")} input`, "客户三部");
  await go();
  assert.deepEqual(await post("/api/p/departments"), { name: "客户三部", about: "" });
  await closed();
  await d.page.click(here("tbody tr:nth-child(2) .op.add_below"));
  assert.match(await d.page.textContent("dialog h2"), /添加下级 · 业务部/);
  await d.page.fill(`${line("name")} input`, "业务二组");
  await go();
  assert.deepEqual(await post("/api/p/departments/action/add_below"), { ids: [2], args: { name: "业务二组", about: "" } });
  await closed();
  await d.page.click(here("tbody tr:nth-child(1) .op.delete"));
  await d.page.click("dialog:has-text('删除：客服部') .danger");
  assert.deepEqual(await post("/api/p/departments/action/delete"), { ids: [1], args: {} });
});

test("黑名单库 → 添加 with 限制类型 and a day of expiry; 示忙分类 with its colour", async () => {
  await open("黑名单库");
  await bar("添加");
  assert.equal(await d.page.inputValue(`${line("direction")} select`), "both");
  await d.page.fill(`${line("phone")} input`, "1000000*");
  await d.page.fill(`${line("until")} input`, "2026-12-31");
  await go();
  assert.deepEqual(await post("/api/p/blocklist"), { phone: "1000000*", direction: "both", reason: "", until: "2026-12-31" });
  await closed();
  await open("示忙分类");
  await bar("添加");
  await d.page.fill(`${line("name")} input`, "外拨");
  await d.page.fill(`${line("colour")} input`, "#0969da");
  await d.page.fill(`${line("max_minutes")} input`, "30");
  await go();
  assert.deepEqual(await post("/api/p/busy_reasons"), { name: "外拨", colour: "#0969da", max_minutes: "30", max_people: "" });
  await closed();
});

test("公告 → 添加: who sees it, from when to when", async () => {
  await open("公告");
  assert.match(await d.page.textContent(here("tbody tr")), /端午放假安排.*全公司.*3\/6/);
  await bar("添加");
  await d.page.fill(`${line("title")} input`, "系统升级");
  await d.page.fill(`${line("body")} textarea`, "今晚八点升级，请提前签出。");
  await d.page.check(`${line("departments")} >> text=业务部`);
  await d.page.fill(`${line("from")} input`, "2026-06-10T20:00:00");
  await d.page.check(`${line("urgent")} >> text=是`);
  await go();
  assert.deepEqual(await post("/api/p/notices"), { title: "系统升级", body: "今晚八点升级，请提前签出。", departments: "2", from: "2026-06-10 20:00:00", to: "", urgent: "true" });
  await closed();
});

test("字段设置 → 添加字段: 控件类型, 字段名称, 控件大小, 预览 with the real control, 保存; lists and forms have it at once", async () => {
  await open("字段设置");
  assert.deepEqual(await d.page.$$eval(".tab:not([hidden]) th", (all) => all.map((one) => one.textContent)), ["字段中文名", "字段长度", "控件长度", "是否显示", "是否弹屏显示", "是否查询显示", "排序", "类型", "所属分类", "操作"]);
  await bar("添加");
  await d.page.fill(`${line("name")} input`, "意向等级");
  await d.page.fill(`${line("length")} input`, "5");
  await d.page.fill(`${line("width")} input`, "200");
  const shown = "dialog .preview";
  await d.page.fill(`${shown} input`, "一二三四五六七");
  assert.equal(await d.page.inputValue(`${shown} input`), "一二三四五六七".slice(0, 5), "the length holds in the preview");
  assert.equal(await d.page.$eval(`${shown} .control`, (one) => one.getBoundingClientRect().width), 200);
  await d.page.selectOption(`${line("kind")} select`, "field_several");
  await d.page.fill(`${line("options")} textarea`, "高\n中\n低");
  await d.page.check(`${shown} >> text=中`);
  await d.page.selectOption(`${line("kind")} select`, "field_date");
  assert.equal(await d.page.getAttribute(`${shown} input`, "type"), "date");
  await d.page.selectOption(`${line("kind")} select`, "field_one");
  assert.deepEqual(await d.page.$$eval(`${shown} option`, (all) => all.map((one) => one.textContent)), ["请选择", "高", "中", "低"]);
  assert.match(await d.page.textContent(`${shown} label`), /意向等级/);
  await clean(d.page, "添加字段");
  await go();
  const sent = await post("/api/p/customer_fields");
  assert.deepEqual([sent.kind, sent.name, sent.options, "preview" in sent], ["field_one", "意向等级", "高\n中\n低", false]);
  await closed();
  const customers = d.service.state.catalogue.find((one) => one.id === "customers");
  customers.form.push({ ...customers.form[1], id: "x_level", title: "意向等级", group: "销售", width: 200 });
  customers.columns.push({ id: "x_level", title: "意向等级", kind: "text", width: 10 });
  d.service.push({ msg: "changed", page: "customer_fields" });
  await d.page.click('[role=tab]:has-text("客户资料")');
  await d.page.waitForSelector(here("th:has-text('意向等级')"));
  await bar("添加");
  assert.deepEqual(await d.page.$$eval("dialog .fieldgroup", (all) => all.map((one) => one.textContent)), ["其他资料生日", "销售意向等级"]);
  await d.page.click("dialog footer >> text=取消");
  await closed();
});

test("系统语音: upload, hear, and hear an earlier version", async () => {
  await open("系统语音");
  await d.page.click(here("tbody tr:nth-child(1) .op.play"));
  assert.equal(await d.page.getAttribute("dialog audio", "src"), "/api/file/prompts/1");
  await d.page.selectOption("dialog select", "1");
  assert.equal(await d.page.getAttribute("dialog audio", "src"), "/api/file/prompts/1?version=1");
  await until("it can be heard", () => d.page.$eval("dialog audio", (audio) => audio.duration > 3));
  await clean(d.page, "系统语音");
  await d.page.setInputFiles("dialog input[type=file]", { name: "开场语.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("ID3") });
  await go();
  await d.page.waitForSelector(".toast:has-text('语音已上传')");
  assert.equal(d.posts("/api/file/prompts/1").at(-1).header, "1");
  assert.deepEqual(await d.page.$$eval("dialog option", (all) => all.map((one) => one.textContent)), ["第 3 版（使用中）", "第 2 版", "第 1 版"]);
  await d.page.click("dialog footer >> text=关闭");
  await closed();
  await d.page.click(here("tbody tr:nth-child(2) .op.upload"));
  await d.page.waitForSelector("dialog >> text=还没有上传语音");
  await d.page.click("dialog footer >> text=关闭");
  await closed();
});

test("a form survives a reload with what was typed, but for a password; the tabs stand as they stood", async () => {
  await open("坐席设置");
  await d.page.click(here("tbody tr:nth-child(3) .op.edit"));
  await d.page.fill(`${line("name")} input`, "孙小三");
  await d.page.fill(`${line("password")} input`, "never-kept-8003");
  await d.page.reload();
  await d.page.waitForSelector(here(".table tbody tr"));
  assert.equal(await d.page.textContent("[role=tab][aria-selected=true]"), "坐席设置×");
  assert.ok((await d.page.$$("[role=tab]")).length > 5);
  assert.ok(!(await d.page.evaluate(() => JSON.stringify(sessionStorage))).includes("never-kept"));
  await d.page.click(here("tbody tr:nth-child(3) .op.edit"));
  await d.page.waitForSelector("dialog .warning:has-text('已恢复上次填写但没有保存的内容')");
  assert.deepEqual([await d.page.inputValue(`${line("name")} input`), await d.page.inputValue(`${line("account")} input`)], ["孙小三", "u8003"]);
  await go();
  await until("the seat", () => d.posts("/api/p/seats/3").at(-1)?.body.name === "孙小三");
  await closed();
  await d.page.click(here("tbody tr:nth-child(3) .op.edit"));
  await until("the row is there", async () => (await d.page.inputValue(`${line("name")} input`)) === "孙三");
  assert.equal(await d.page.$("dialog .warning"), null, "saved is dropped");
  await d.page.fill(`${line("note")} textarea`, "客户的事");
  await d.page.keyboard.press("Escape");
  await d.page.click("dialog:has(.question) .danger");
  await closed();
  assert.ok(!(await d.page.evaluate(() => JSON.stringify(sessionStorage))).includes("客户的事"), "thrown away is dropped");
});
