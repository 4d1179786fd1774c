// The agent's day on the workbench, against the mock service.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { clean } from "./clean.mjs";
import { call, desk, hangUp } from "./desk.mjs";
import { until } from "./tools.mjs";

let d;
before(async () => {
  d = await desk({ zone: "America/New_York" });
  await d.login("u8002");
  await d.signIn();
});
after(() => d.close());

const saved = () => d.posts("/api/activity").at(-1)?.body;

test("lands on the workbench with the manual's four cards and the hours chart", async () => {
  await d.page.waitForSelector(".w-day .cards");
  const cards = await d.page.textContent(".w-day .cards");
  for (const word of ["最后登陆时间", "今日新增客户数", "今日新增业务记录数", "我的任务数量"]) assert.ok(cards.includes(word), word);
  assert.ok(cards.includes("2026-06-10 11:17:58"), "the company's zone, not the browser's");
  await d.page.hover(".chart .hour >> nth=10");
  assert.match(await d.page.textContent(".chart output"), /10 时.*通话数量 10.*接通率 0\.0/);
  assert.equal(await d.page.$$eval(".chart .unseen tbody tr", (rows) => rows.length), 24);
  assert.deepEqual(await d.page.$$eval(".sidebar .group", (all) => all.map((one) => one.firstChild.textContent)), ["客户案件管理", "预测式外呼", "统计报表"]);
});

test("signed in, it says at once whether the next call will have audio", async () => {
  await d.page.waitForSelector(".nocard .tag.good:has-text('下一通电话会有声音')");
});

test("a call pops over any other tab, with the customer and in the browser's title, no number there", async () => {
  await d.page.click('.sidebar .item:text-is("客户资料")');
  await d.page.fill('.tab:not([hidden]) .filters input[placeholder="客户名称"]', "赵");
  const from = Date.now();
  call(d.service);
  await d.page.waitForSelector(".callcard.talking");
  const ms = Date.now() - from;
  assert.ok(ms < 1_000, `${ms} ms`);
  assert.equal(await d.page.inputValue(".cardform .fields input >> nth=0"), "10000001037");
  assert.deepEqual(await d.page.$$eval(".cardform .fields label", (all) => all.map((one) => one.textContent)), ["手机号码", "电话号码", "客户分类", "备注", "客户名称", "公司名称", "地址"]);
  const title = await d.page.title();
  assert.match(title, /^● 通话中 孙三/);
  assert.ok(!title.includes("1037"));
  assert.equal(await d.page.getAttribute("#icon", "href"), "icon-call.svg");
  await d.page.click('[role=tab]:has-text("客户资料")');
  assert.equal(await d.page.inputValue('.tab:not([hidden]) .filters input[placeholder="客户名称"]'), "赵", "the other tab kept its state");
  await d.page.keyboard.press("Alt+w");
});

test("digits choose the result, Ctrl+Enter saves what was changed and nothing else", async () => {
  await d.page.click(".callcard .state");
  await d.page.keyboard.press("2");
  assert.equal(await d.page.getAttribute(".result >> nth=1", "aria-pressed"), "true");
  await d.page.selectOption(".cardform select", "first_visit");
  await d.page.fill(".cardform textarea", "约了 3 号下午再联系");
  await d.page.fill(".fields input >> nth=4", "孙小三");
  await d.page.fill('.cardform input[type="datetime-local"]:not(.fields *)', "2026-07-03T15:30");
  await d.page.keyboard.press("Control+Enter");
  await until("the post", saved);
  assert.deepEqual(saved(), { call: 77, visit_type: "first_visit", disposition: "contact_again", content: "约了 3 号下午再联系", callback_at: "2026-07-03 15:30", card: { name: "孙小三" }, then_idle: false });
  assert.equal(d.posts("/api/activity").at(-1).header, "1");
  await d.page.waitForSelector(".tag.good");
});

test("keys of the keypad go out one by one; Alt+H hangs up", async () => {
  await d.page.click(".keypad .link");
  await d.page.click('.keypad .grid button:text-is("1")');
  await d.page.keyboard.press("#");
  await until("two keys", () => d.commands("dtmf").length === 2);
  assert.deepEqual(d.commands("dtmf").map((one) => one.key), ["1", "#"]);
  assert.equal(await d.page.getAttribute(".result >> nth=1", "aria-pressed"), "true", "the key chose no other result");
  await d.page.keyboard.press("Alt+h");
  await until("hang_up", () => d.commands("hang_up").length === 1);
});

test("话后 counts down, gives 30 s more, and ends early", async () => {
  hangUp(d.service);
  await d.page.waitForSelector(".callcard.wrap_up");
  assert.match(await d.page.textContent(".wrap .left"), /还有 1[45] 秒自动空闲/);
  await d.page.click("text=再给 30s");
  await d.page.waitForFunction(() => /还有 4\d 秒/.test(document.querySelector(".wrap .left").textContent));
  await d.page.click(".wrap >> text=提前空闲");
  await d.page.waitForSelector(".callcard.idle");
});

test("a record the service could not take keeps its text and says why; the next call does not sweep it away", async () => {
  call(d.service, { call: 80, card: { name: "李四" } });
  await d.page.waitForSelector(".callcard.talking");
  await d.page.fill(".cardform textarea", "重要的一句");
  d.service.state.refuse.activity = true;
  await d.page.click(".cardform footer .main");
  await d.page.waitForSelector(".cardform .error:has-text('保存失败')");
  hangUp(d.service, 80);
  call(d.service, { call: 81, card: { name: "周五" } });
  await d.page.waitForSelector('.chip:has-text("李四"):has-text("未保存")');
  assert.equal(await d.page.inputValue(".cardform textarea"), "");
  await d.page.click('.chip:has-text("李四")');
  assert.equal(await d.page.inputValue(".cardform textarea"), "重要的一句");
  d.service.state.refuse = {};
  await d.page.click(".cardform footer .main");
  await until("saved", () => saved().call === 80);
  hangUp(d.service, 81);
});

test("保存并空闲 asks for both at once", async () => {
  await d.page.click('.chip:has-text("周五")').catch(() => {});
  await d.page.fill(".cardform textarea", "好");
  await d.page.click("text=保存并空闲");
  await until("the post", () => saved().call === 81);
  assert.equal(saved().then_idle, true);
  await d.page.waitForSelector(".callcard.idle");
});

test("示忙 with one of the company's reasons, its colour and its limit, and back", async () => {
  await d.page.click(".busymenu .busy");
  assert.deepEqual(await d.page.$$eval(".busymenu [role=menuitem]", (all) => all.map((one) => one.textContent)), ["小休最长 10 分钟", "就餐最长 60 分钟", "外拨"]);
  assert.equal(await d.page.$eval('[data-reason="meal"] .dot', (one) => getComputedStyle(one).backgroundColor), "rgb(130, 80, 223)");
  await clean(d.page, "示忙");
  await d.page.keyboard.press("ArrowDown");
  await d.page.keyboard.press("Enter");
  await d.page.waitForSelector(".callcard.busy:has-text('就餐')");
  assert.deepEqual(d.commands("busy").at(-1), { cmd: "busy", reason: "meal" });
  d.service.seat({ state: "busy", reason: "meal", since: Date.now() - 61 * 60_000 });
  await d.page.waitForSelector(".callcard .warning:has-text('示忙已超过 60 分钟')");
  d.service.state.work = { ...d.service.state.work, busy_reasons: [{ code: "meal", label: "午饭", colour: "#1a7f37", max_minutes: 90 }] };
  d.service.push({ msg: "changed", page: "busy_reasons" });
  await d.page.waitForSelector(".callcard.busy:has-text('午饭')");
  await d.page.keyboard.press("Alt+i");
  await d.page.waitForSelector(".callcard.idle");
});

test("话后 as 话后设置 has it: no more time where none is given, and a word where the record comes first", async () => {
  d.service.state.work = { ...d.service.state.work, wrap_more_s: 0, must_save: true };
  d.service.push({ msg: "changed", page: "wrap_settings" });
  call(d.service, { call: 84 });
  hangUp(d.service, 84);
  await d.page.waitForSelector(".callcard.wrap_up:has-text('请先保存业务记录')");
  assert.equal(await d.page.$(".callcard >> text=再给"), null);
  await d.page.click(".cardform footer .main");
  await until("saved", () => saved().call === 84);
  await until("the word goes", async () => (await d.page.$(".callcard .warning")) === null);
  d.service.seat({ state: "idle", until: undefined });
});

test("弹屏 of a project: its own form and page; fields kept off the pop-up are not on the card", async () => {
  const field = (id, title, kind, more) => ({ id, title, kind, required: false, max_chars: 0, choices: [], options_from: null, default: "", fixed: false, advanced: false, ...more });
  const form = [
    field("disposition", "营销结果", "select", { choices: [{ value: "bought", label: "已购买" }, { value: "later", label: "以后再说" }] }),
    field("package", "意向套餐", "select", { required: true, choices: [{ value: "a", label: "甲" }, { value: "b", label: "乙" }] }), field("visit_on", "上门日期", "date"), field("content", "内容", "long_text"),
  ];
  const opening = d.context.waitForEvent("page");
  call(d.service, { call: 85, form, url: `${d.service.url}/icon.svg?phone=10000001037` });
  const opened = await opening;
  await opened.waitForURL(/icon\.svg\?phone=10000001037/);
  await opened.close();
  await d.page.bringToFront();
  assert.equal(await d.page.getAttribute(".cardform a >> text=打开业务页面", "rel"), "noopener noreferrer");
  assert.deepEqual(await d.page.$$eval(".results .result", (all) => all.map((one) => one.lastChild.textContent)), ["已购买", "以后再说"]);
  assert.ok(await d.page.isVisible(".cardform >> text=回访类型"), "beside the page's own three");
  assert.deepEqual(await d.page.$$eval(".cardform .fields label", (all) => all.map((one) => one.textContent)), ["手机号码", "电话号码", "客户分类", "备注", "客户名称", "公司名称", "地址"]);
  await d.page.click(".callcard .state");
  await d.page.keyboard.press("1");
  await d.page.keyboard.press("Control+Enter");
  await d.page.waitForSelector(".cardform .wrong");
  await d.page.selectOption('.cardform [data-field="package"] select', "b");
  await d.page.fill('.cardform [data-field="visit_on"] input', "2026-06-12");
  await d.page.reload();
  await d.page.waitForSelector(".callcard.talking");
  assert.equal(await d.page.inputValue('.cardform [data-field="visit_on"] input'), "2026-06-12", "what was typed survives a reload");
  await clean(d.page, "项目界面");
  await d.page.click(".cardform footer .main");
  await until("the post", () => saved().call === 85);
  assert.deepEqual([saved().disposition, saved().fields], ["bought", { package: "b", visit_on: "2026-06-12" }]);
  assert.equal(d.context.pages().length, 2, "a reload opens nothing anew");
  hangUp(d.service, 85);
});

test("弹屏示忙: closing the card without saving tells the service", async () => {
  d.service.state.work = { ...d.service.state.work, pop_busy: true };
  d.service.push({ msg: "changed", page: "seats" });
  call(d.service, { call: 86 });
  hangUp(d.service, 86);
  await d.page.waitForSelector(".cardform >> text=关闭弹屏");
  await d.page.click(".cardform >> text=关闭弹屏");
  await until("told", () => d.commands("card_closed").some((one) => one.call === 86));
  d.service.seat({ state: "idle", until: undefined });
});

test("a supervisor's message is said at once and stays in the list; an urgent notice waits for the call's end, and reading it is told", async () => {
  const notice = (id, more) => ({ id, title: "系统升级", body: "今晚八点升级，\n请提前签出。", urgent: false, read: false, by: "管理员(8000)", at: Date.UTC(2026, 5, 10, 3), ...more });
  call(d.service, { call: 87 });
  await d.page.waitForSelector(".callcard.talking");
  d.service.state.notices = [notice(1), notice(2, { title: "消防演习", urgent: true })];
  d.service.push({ msg: "changed", page: "notices" });
  d.service.push({ msg: "message", from: "赵一(8001)", text: "语速放慢一点", at: Date.UTC(2026, 5, 10, 4) });
  await d.page.waitForSelector(".toast:has-text('赵一(8001)：语速放慢一点')");
  await d.page.waitForSelector(".bell .badge:text-is('3')");
  assert.equal(await d.page.$("dialog"), null, "nothing stands before a call");
  hangUp(d.service, 87);
  await d.page.waitForSelector("dialog h2:has-text('紧急公告 · 消防演习')");
  await clean(d.page, "紧急公告");
  await d.page.click("dialog >> text=我知道了");
  await until("the receipt", () => d.posts("/api/notices/2/read").length === 1);
  await d.page.click(".bell");
  await d.page.click("dialog .noticeitem.unread button");
  assert.match(await d.page.textContent("dialog .notices"), /请提前签出.*主管消息.*赵一\(8001\).*语速放慢一点/s);
  await until("the receipt", () => d.posts("/api/notices/1/read").length === 1);
  await clean(d.page, "公告");
  await d.page.click("dialog footer .main");
  assert.equal(await d.page.$(".bell .badge"), null);
  d.service.state.work = { ...d.service.state.work, pop_busy: false };
  d.service.push({ msg: "changed", page: "seats" });
  d.service.seat({ state: "idle", until: undefined });
});

test("修改密码: the old one, and the new one twice", async () => {
  await d.page.click("header .who");
  const fill = async (...three) => {
    for (const [at, text] of three.entries()) await d.page.fill(`dialog input[type=password] >> nth=${at}`, text);
    await d.page.click("dialog footer .main");
  };
  await fill("secret", "a-new-word-8002", "another");
  await d.page.waitForSelector("dialog .error:has-text('两次输入的新密码不一样')");
  await fill("forgotten", "a-new-word-8002", "a-new-word-8002");
  await d.page.waitForSelector("dialog .error:has-text('原密码不对')");
  await clean(d.page, "修改密码");
  await fill("secret", "a-new-word-8002", "a-new-word-8002");
  await d.page.waitForSelector(".toast:has-text('密码已修改')");
  assert.deepEqual(d.posts("/api/me/password").at(-1).body, { old: "secret", new: "a-new-word-8002" });
});

test("快捷键: one is changed, one is refused, single keys and all keys are turned off", async () => {
  await d.page.click(".statusbar >> text=快捷键");
  await d.page.click('dialog [aria-label="修改「快速拨号」的快捷键"]');
  await d.page.keyboard.press("Alt+h");
  await d.page.waitForSelector("dialog .error:has-text('Alt+H 已用于「挂机」')");
  await d.page.keyboard.press("q");
  await d.page.waitForSelector("dialog .error:has-text('请用 Ctrl 或 Alt 加一个键')");
  await d.page.keyboard.press("F8");
  await d.page.waitForSelector("dialog kbd:text-is('F8')");
  await clean(d.page, "快捷键");
  await d.page.click("dialog footer .main");
  await d.page.keyboard.press("Alt+q");
  assert.notEqual(await d.page.evaluate(() => document.activeElement.id), "quickdial");
  await d.page.keyboard.press("F8");
  assert.equal(await d.page.evaluate(() => document.activeElement.id), "quickdial");
  await d.page.click(".statusbar >> text=快捷键");
  await d.page.uncheck("dialog >> text=使用快捷键");
  await d.page.click("dialog footer .main");
  await d.page.click(".tabs");
  await d.page.keyboard.press("F8");
  await d.page.keyboard.press("?");
  assert.notEqual(await d.page.evaluate(() => document.activeElement.id), "quickdial");
  assert.equal(await d.page.$("dialog"), null);
  await d.page.click(".statusbar >> text=快捷键");
  await d.page.click("dialog >> text=恢复默认");
  await d.page.click("dialog footer .main");
});

test("设备检测: a device is chosen, three seconds are heard again, the network has its word", async () => {
  await d.page.click(".senses");
  await until("devices by name", async () => (await d.page.$$("dialog option")).length > 1);
  await until("the tone is heard", () => d.page.$eval("dialog progress", (one) => one.value > 0.3));
  assert.match(await d.page.textContent("dialog .sense"), /良好/);
  await clean(d.page, "设备检测");
  const device = await d.page.$eval("dialog option:nth-child(2)", (one) => one.value);
  await d.page.selectOption("dialog select", device);
  await until("it is kept", () => d.page.evaluate((id) => localStorage.getItem("hutong.mic") === id, device));
  await until("the tone again", () => d.page.$eval("dialog progress", (one) => one.value > 0.3));
  await d.page.click("dialog >> text=录 3 秒并回放");
  await d.page.waitForSelector("dialog >> text=正在回放");
  await d.page.waitForSelector("dialog >> text=听清楚了就可以签入");
  await d.page.click("dialog footer .main");
  assert.equal(await d.page.isVisible("button.sign.in"), true, "the leg stands");
});

test("at 200 % nothing runs out of the window, and what has the focus is in sight", async () => {
  call(d.service, { call: 88 });
  await d.page.waitForSelector(".callcard.talking");
  await d.page.setViewportSize({ width: 683, height: 384 });
  assert.ok(await d.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), "no scrolling sideways");
  await d.page.focus(".cardform .fields input");
  const hidden = [];
  for (let n = 0; n < 22; n++) {
    await d.page.keyboard.press("Tab");
    const seen = await d.page.evaluate(() => {
      const one = document.activeElement;
      const box = one.getBoundingClientRect();
      const [x, y] = [box.left + Math.min(box.width / 2, 20), box.top + box.height / 2];
      if (one === document.body) return "";
      const top = document.elementFromPoint(x, y);
      return top !== null && (one.contains(top) || top.contains(one)) ? "" : `${one.tagName} ${one.className || one.id} at ${Math.round(x)},${Math.round(y)}`;
    });
    if (seen) hidden.push(seen);
  }
  assert.deepEqual(hidden, []);
  assert.equal(await d.page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), "solid", "the focus can be seen");
  await d.page.setViewportSize({ width: 1366, height: 768 });
  hangUp(d.service, 88);
  await d.page.click(".cardform >> text=关闭弹屏");
  d.service.seat({ state: "idle", until: undefined });
});

test("with 自动接听 off a call rings until the service says otherwise; 接听 and 拒接 go to the service", async () => {
  await d.page.click(".switch[role=switch]");
  await d.page.waitForSelector('.switch[aria-checked="false"]:has-text("关")');
  d.service.push({ msg: "pop", call: 90, kind: "campaign", number: "100****1037", card: {} });
  d.service.seat({ state: "ringing", call: 90 });
  await d.page.waitForSelector(".callcard.ringing");
  assert.equal(await d.page.getAttribute(".statusbar [role=status]", "aria-live"), "assertive");
  assert.match(await d.page.title(), /^● 来电/);
  await d.page.click(".callcard >> text=拒接");
  await d.page.keyboard.press("Alt+a");
  await until("both", () => d.commands("reject").length === 1 && d.commands("answer").length === 1);
  assert.equal(await d.page.isVisible(".callcard.ringing"), true, "only the service ends the ringing");
  d.service.seat({ state: "idle", call: undefined });
  await d.page.waitForSelector(".callcard.idle");
});

test("an offer withdrawn before it was taken leaves a word and no card", async () => {
  d.service.push({ msg: "pop", call: 89, kind: "campaign", number: "100****1038", card: { name: "吴六" } });
  d.service.seat({ state: "ringing", call: 89 });
  await d.page.waitForSelector(".callcard.ringing:has-text('吴六')");
  d.service.push({ msg: "call_over", call: 89, state: "no_answer", talk_s: 0 });
  d.service.seat({ state: "idle", call: undefined });
  await d.page.waitForSelector(".toast:has-text('未接来电：吴六')");
  assert.equal((await d.page.$$eval(".cardform input", (all) => all.map((one) => one.value))).includes("吴六"), false);
  assert.equal(await d.page.$('.chip:has-text("吴六")'), null);
});

test("a call dialled by hand does not ask to be answered", async () => {
  await d.page.keyboard.press("Alt+q");
  await d.page.keyboard.type("10000001037");
  await d.page.keyboard.press("Enter");
  await until("the dial", () => d.commands("dial").length === 1);
  d.service.push({ msg: "pop", call: 91, kind: "outbound", number: "10000001037", card: {} });
  d.service.seat({ state: "ringing", call: 91 });
  await d.page.waitForSelector(".callcard:has-text('呼出中')");
  assert.equal(await d.page.$(".callcard >> text=接听"), null);
  d.service.seat({ state: "idle", call: undefined });
});

test("signing out in a call waits for its end, and says so", async () => {
  call(d.service, { call: 92 });
  await d.page.waitForSelector(".callcard.talking");
  await d.page.click("button.sign.in");
  await d.page.waitForSelector("button.sign:has-text('通话后签出')");
  d.service.seat({ state: "signed_out", call: undefined, after_call: undefined });
  await d.page.waitForSelector("button.sign.out:has-text('○ 已签出')");
  await d.page.mouse.move(0, 400);
  assert.equal(await d.page.evaluate(() => getComputedStyle(document.querySelector("button.sign")).backgroundColor), "rgb(207, 34, 46)");
});

test("a newer login elsewhere ends this one, with the reason on the form; unsaved text is there after the next login", async () => {
  await d.page.fill(".cardform textarea", "还没保存");
  d.service.push({ msg: "bye", code: "session.newer_login", text: "您的账号已在别处登录，本页已退出。" });
  await d.page.waitForSelector(".login");
  assert.match(await d.page.textContent(".login .warning"), /已在别处登录/);
  await d.page.fill("[name=password]", "secret");
  await d.page.click("button[type=submit]");
  await d.page.waitForSelector(".frame");
  assert.equal(await d.page.inputValue(".cardform textarea"), "还没保存");
});

test("logging out with unsaved text asks first and leaves no customer's data behind", async () => {
  await d.page.click("header >> text=退出");
  await d.page.waitForSelector("dialog:has-text('没有保存')");
  await d.page.click("dialog .danger");
  await d.page.waitForSelector(".login");
  const kept = await d.page.evaluate(() => JSON.stringify(sessionStorage) + JSON.stringify(localStorage));
  assert.ok(!kept.includes("10000001037") && !kept.includes("还没保存"), kept);
});
