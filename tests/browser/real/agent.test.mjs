// An agent's day in a real browser against the real service: tones each way over SIP, RTP and WebRTC.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "../tools.mjs";
import { MICROPHONE, agent, agentHeard, calleeHeard, carrier, demo, ended, lanes, pitch } from "./office.mjs";

// The list the demo was given, in its order; and numbers for 快速拨号, each dialled once.
const [FIRST, SECOND] = demo.numbers;
const EARLY = "15400110005", BUSY = "15400120001", TALKS = "15400130004", HANGS_UP = "15400140012", BLOCKED = demo.blocked;

/** What the carrier's announcements sound like, and what rings at a seat, Hz. */
const ANNOUNCEMENT = 450, RING = 450;

let me;
const callOf = async (number) => (await me.notes()).said.findLast(({ msg }) => msg.msg === "pop" && msg.number === number)?.msg.call;
const said = async (what, after = 0) => (await me.notes()).said.filter(({ at, msg }) => at > after && what(msg));
const now = () => me.page.evaluate(() => performance.now());
const dial = async (number) => {
  const from = await now();
  await me.page.fill("#quickdial", number);
  await me.page.keyboard.press("Enter");
  return from;
};
const quietAgain = (number) => Promise.all([ended(number), until("no call at the seat", async () => !["ringing", "talking"].includes((await said((msg) => msg.msg === "seat")).at(-1).msg.state))]);

before(async () => {
  me = await agent();
});
after(() => me?.leave());

test("a campaign's call: the card is there before the voice, tones both ways", async () => {
  assert.match(await me.page.textContent(".banner"), /麦克风尚未授权/);
  await me.page.click("button.sign.out");
  await me.page.waitForSelector("button.sign.in");
  assert.equal(await me.page.$(".banner"), null);
  await me.page.waitForSelector(".callcard.talking");
  const voice = await agentHeard(me, pitch(FIRST), { ms: 1_000 });
  const { said, seen, sounds } = await me.notes();
  const pop = said.find(({ msg }) => msg.msg === "pop");
  const card = seen.find((one) => one.mobile === FIRST);
  assert.equal(pop.msg.number, FIRST);
  assert.equal(pop.msg.card.name, "孙三");
  assert.equal(pop.msg.campaign, "演示任务");
  // The beep of 自动接听 is the first thing heard, the callee next.
  const [first] = sounds.filter((one) => one.hertz !== 0);
  assert.ok(pop.at <= first.noted && card.at <= first.noted, `pop ${pop.at}, on screen ${card.at}, first sound ${first.noted} ms`);
  assert.ok(first.from < voice.from, `beep at ${first.from}, voice at ${voice.from} ms`);
  await calleeHeard(FIRST, MICROPHONE);
  assert.equal(await me.page.locator(".cardform").getByLabel("客户名称").inputValue(), "孙三");
});

test("业务记录 is saved in the call, 自动接听 goes off for the next, and the agent hangs up", async () => {
  await me.page.fill(".cardform textarea", "客户想了解套餐的细节");
  await me.page.click(".result >> nth=0");
  // 预约回访, for the administrator to find.
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await me.page.getByLabel("预约回访").fill(`${tomorrow}T09:30`);
  await me.page.keyboard.press("Control+Enter");
  await me.page.waitForSelector(".cardform .tag.good");
  await me.page.click(".switch[role=switch]");
  await me.page.waitForSelector('.switch[aria-checked="false"]');
  await me.page.click(".callcard >> text=挂机");
  await me.page.waitForSelector(".callcard.wrap_up");
  assert.match(await me.page.textContent(".wrap .left"), /还有 [1-5] 秒自动空闲/);
  await ended(FIRST);
  assert.ok(carrier(FIRST).some((line) => line.event === "bye_in"), "the callee gets a BYE");
  await until("idle by itself, then on", async () => (await said((msg) => msg.msg === "seat" && msg.state === "idle", (await said((msg) => msg.msg === "call_over"))[0].at)).length > 0, 10_000);
  const [over] = await said((msg) => msg.msg === "call_over");
  assert.equal(over.msg.state, "answered");
});

test("the recording over HTTP has the callee at the left and the agent at the right", async () => {
  const call = await callOf(FIRST);
  const heard = async () => {
    const answer = await me.page.request.get(`${demo.url}/api/recording/${call}`);
    return answer.ok() ? answer.body() : null;
  };
  const wav = await until("the recording", heard);
  const [callee, crossed] = lanes(wav, pitch(FIRST));
  const [echo, mine] = lanes(wav, MICROPHONE);
  assert.ok(callee > 1 && mine > 1, `callee ${callee} s left, agent ${mine} s right`);
  assert.ok(crossed === 0 && echo === 0, `crossed: ${crossed} s, ${echo} s`);
});

test("with 自动接听 off the next call rings and asks; 接听 bridges it", async () => {
  const [{ at: offered }] = await until("the offer", async () => {
    const all = await said((msg) => msg.msg === "pop" && msg.number === SECOND);
    return all.length > 0 && all;
  }, 20_000);
  await me.page.waitForSelector(".callcard.ringing >> text=接听");
  await agentHeard(me, RING, { after: offered });
  assert.ok(!(await me.notes()).sounds.some((one) => one.hertz === pitch(SECOND) && one.from >= offered), "nothing is heard before 接听");
  assert.equal(carrier(SECOND).some((line) => Math.abs((line.heard_hz ?? 0) - MICROPHONE) <= 25), false, "nor said");
  await me.page.keyboard.press("Alt+a");
  await me.page.waitForSelector(".callcard.talking");
  await agentHeard(me, pitch(SECOND), { after: offered });
  await calleeHeard(SECOND, MICROPHONE);
});

test("a reload in the call brings it back with its card; the callee never left", async () => {
  await me.page.fill(".cardform textarea", "说到一半");
  await me.page.reload();
  await me.page.waitForSelector(".callcard.talking");
  assert.equal(await me.page.inputValue(".cardform textarea"), "说到一半");
  assert.match(await me.page.textContent(".whom .number"), new RegExp(SECOND));
  await agentHeard(me, pitch(SECOND));
  await me.page.click(".switch[role=switch]");
  await me.page.waitForSelector('.switch[aria-checked="true"]');
  await me.page.keyboard.press("Alt+h");
  await me.page.waitForSelector(".callcard.wrap_up");
  await quietAgain(SECOND);
  assert.equal(carrier(SECOND).filter((line) => line.event === "invite").length, 1);
  await me.page.click(".callcard >> text=提前空闲");
  await me.page.waitForSelector(".callcard.idle");
});

test("快速拨号: the carrier's early media is heard before the answer", async () => {
  const from = await dial(EARLY);
  await me.page.waitForSelector(".callcard:has-text('呼出中')");
  // Its announcement beeps for half a second and pauses as long; our own ring-back would sound a whole second.
  const early = await agentHeard(me, ANNOUNCEMENT, { after: from });
  const [answer] = await until("the answer", async () => {
    const all = await said((msg) => msg.msg === "seat" && msg.state === "talking", from);
    return all.length > 0 && all;
  });
  const { sounds } = await me.notes();
  const beep = sounds.find((one) => one.from === early.from);
  assert.ok(beep.to < answer.at && beep.to - beep.from < 800, `heard ${beep.from} to ${beep.to}, answered ${answer.at} ms`);
  await agentHeard(me, pitch(EARLY), { after: answer.at - 100 });
  assert.equal(carrier(EARLY).find((line) => line.event === "answer").heard_hz, null, "before the answer the agent only listens");
  await calleeHeard(EARLY, MICROPHONE);
  await me.page.keyboard.press("Alt+h");
  await quietAgain(EARLY);
  await me.page.click(".callcard >> text=提前空闲");
});

test("快速拨号: a busy callee is told as such", async () => {
  await me.page.waitForSelector(".callcard.idle");
  const from = await dial(BUSY);
  await until("the end", async () => (await said((msg) => msg.msg === "call_over", from)).length > 0);
  assert.equal((await said((msg) => msg.msg === "call_over", from))[0].msg.state, "busy");
  await me.page.waitForSelector(".cardform .hint:text-is('忙')");
  await quietAgain(BUSY);
  assert.equal(carrier(BUSY).find((line) => line.event === "end").code, 486);
});

test("快速拨号: a number of the blocklist is refused with the reason and never sent", async () => {
  await until("free again", async () => ["idle", "wrap_up"].includes((await said((msg) => msg.msg === "seat")).at(-1).msg.state));
  if (await me.page.$(".callcard.wrap_up")) await me.page.click(".callcard >> text=提前空闲");
  await me.page.waitForSelector(".callcard.idle");
  await dial(BLOCKED);
  await me.page.waitForSelector("text=该号码在黑名单中");
  assert.deepEqual(carrier(BLOCKED), []);
});

test("the callee hangs up: 话后 follows and the leg stays for the next call", async () => {
  const from = await dial(HANGS_UP);
  await agentHeard(me, pitch(HANGS_UP), { after: from });
  await calleeHeard(HANGS_UP, MICROPHONE);
  await me.page.waitForSelector(".callcard.wrap_up", { timeout: 15_000 });
  await quietAgain(HANGS_UP);
  assert.ok(carrier(HANGS_UP).some((line) => line.event === "bye_out"));
  await me.page.click(".callcard >> text=提前空闲");
  await me.page.waitForSelector(".callcard.idle");
});

test("签出 in a call takes effect after it", async () => {
  const from = await dial(TALKS);
  await me.page.waitForSelector(".callcard.talking");
  await agentHeard(me, pitch(TALKS), { after: from });
  await me.page.click("button.sign.in");
  await me.page.waitForSelector("button.sign:has-text('通话后签出')");
  await calleeHeard(TALKS, MICROPHONE);
  assert.ok(!carrier(TALKS).some((line) => line.event === "end"), "the call goes on");
  await me.page.click(".callcard >> text=挂机");
  await quietAgain(TALKS);
  await me.page.waitForSelector("button.sign.out:has-text('○ 已签出')");
});

test("the calls are on the agent's own list, the record beside its call", async () => {
  const { rows } = await me.api("/api/p/calls?page=1&size=30");
  for (const number of [FIRST, SECOND, EARLY, BUSY, HANGS_UP, TALKS]) assert.equal(rows.filter((row) => row.cells.callee === number).length, 1, number);
  const activities = await me.api("/api/p/activities?page=1&size=30");
  const record = activities.rows.find((row) => row.cells.phone === FIRST);
  assert.equal(record.cells.content, "客户想了解套餐的细节");
  assert.equal(record.cells.customer, "孙三", "the new customer has the name its card showed");
  assert.equal(Number(record.cells.recording), rows.find((row) => row.cells.callee === FIRST).id, "linked to the call");
});

test("预览式外呼: 快捷导入 to oneself, 点拨 of a row, tones both ways, and the next number behind 话后", async () => {
  const [one, two] = ["15400310004", "15400320004"];
  const tab = (rest) => `.tab:not([hidden]) ${rest}`;
  const opens = async (title) => {
    await me.page.click(`.sidebar .item:text-is("${title}")`);
    await me.page.waitForSelector(tab(`.tablebox[aria-label="${title}"]`));
  };
  await opens("任务列表");
  await me.page.click(tab('.toolbar .main:has-text("添加任务")'));
  const field = (id) => me.page.locator(`dialog [data-field="${id}"]`);
  await field("name").locator("input").fill("老客户");
  assert.equal(await field("ring_s").locator("input").inputValue(), "50", "振铃时长");
  await field("trunk").locator("select").selectOption({ label: "模拟线路" });
  await field("numbers").locator("textarea").fill(`${one}，钱多\n${two} \n${one}\n${BLOCKED}`);
  await me.page.click("dialog .advanced .link");
  for (const [id, from, to] of [["run", "00:00", "24:00"], ["rest", "00:00", "00:00"]]) {
    await field(id).locator("input").first().fill(from);
    await field(id).locator("input").last().fill(to);
  }
  await me.page.click("dialog footer .main");
  await me.page.locator(".toast", { hasText: "去重 1 个，黑名单 1 个" }).waitFor();
  await me.page.locator(tab(".table tr"), { hasText: "老客户" }).locator(".op.start").click();
  await me.page.locator(tab(".table tr"), { hasText: "老客户" }).filter({ hasText: "运行中" }).waitFor();
  if ((await me.page.locator("button.sign.out").count()) > 0) await me.page.click("button.sign.out");
  await me.page.waitForSelector("button.sign.in");
  await opens("我的任务");
  await me.page.locator(tab(".toolbar"), { hasText: "总数 2，未呼 2" }).waitFor();
  const from = await now();
  await me.page.locator(tab(".table tr"), { hasText: one }).locator(".op.dial").click();
  await me.page.waitForSelector(".callcard.talking");
  await agentHeard(me, pitch(one), { after: from });
  await calleeHeard(one, MICROPHONE);
  await me.page.keyboard.press("Alt+h");
  // The next one is dialled by itself, and its card is there.
  await until("the next number is dialled", () => carrier(two).length > 0, 40_000);
  await until("its card", async () => (await callOf(two)) !== undefined);
  await opens("我的任务");
  await me.page.locator(tab('.toolbar label:has-text("自动下一个") input')).uncheck();
  const second = await callOf(two);
  await until("they talk", async () => (await said((msg) => msg.msg === "seat" && msg.state === "talking" && msg.call === second)).length > 0);
  await calleeHeard(two, MICROPHONE);
  await me.page.keyboard.press("Alt+h");
  await ended(two);
  await me.page.locator(tab(".toolbar"), { hasText: "总数 2，未呼 0" }).waitFor();
  const row = me.page.locator(tab(".table tr"), { hasText: one });
  assert.match(await row.textContent(), /已接听.*200/s);
  await opens("任务列表");
  await me.page.locator(tab(".table tr"), { hasText: "老客户" }).filter({ hasText: "完成" }).waitFor();
});
