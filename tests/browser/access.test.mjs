// WCAG 2.2 AA by axe-core on each view, and targets of at least 24 x 24 px.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, desk, hangUp } from "./desk.mjs";
import { clean as audit } from "./clean.mjs";

let d;
before(async () => {
  d = await desk();
});
after(() => d.close());

const clean = (what) => audit(d.page, what);

test("login", async () => {
  await d.page.goto(d.service.url);
  await d.page.waitForSelector(".login");
  await clean("login");
});

test("workbench in each state", async () => {
  await d.login("u8002");
  await d.page.waitForSelector(".w-day .cards");
  await clean("signed out");
  await d.signIn();
  await d.page.mouse.move(0, 400);
  await clean("idle");
  call(d.service);
  await d.page.waitForSelector(".callcard.talking");
  await d.page.click(".keypad .link");
  await d.page.click(".result >> nth=1");
  await clean("talking");
  hangUp(d.service);
  await d.page.waitForSelector(".callcard.wrap_up");
  await clean("wrap-up");
});

test("the administrator's pages and dialogs", async () => {
  d.service.seat({ state: "signed_out", call: undefined });
  await d.page.click("header >> text=退出");
  await d.page.click("dialog .danger");
  await d.login("admin");
  await d.page.waitForSelector(".balance");
  await clean("home");
  for (const title of ["客户资料", "呼叫任务", "通话记录", "实时监控"]) {
    await d.page.click(`.sidebar .item:text-is("${title}")`);
    await d.page.waitForSelector(".tab:not([hidden]) .table tbody tr");
    await clean(title);
  }
  await d.page.click('[role=tab]:has-text("通话记录")');
  await d.page.click(".tab:not([hidden]) >> .play >> nth=0");
  await d.page.waitForSelector(".wave");
  await clean("player");
  await d.page.click('[role=tab]:has-text("呼叫任务")');
  await d.page.click(".tab:not([hidden]) >> .toolbar >> text=添加");
  await d.page.click("dialog .advanced .link");
  await clean("form");
  await d.page.click("dialog footer >> text=取消");
  await d.page.click('.tab:not([hidden]) >> .op.append >> nth=0');
  await d.page.setInputFiles("dialog input[type=file]", { name: "a.csv", mimeType: "text/csv", buffer: Buffer.from("x") });
  await d.page.click("dialog footer .main");
  await d.page.waitForSelector("text=导入完成");
  await clean("import");
});

test("a browser that lacks something is told what, and each language switch says its language", async () => {
  const page = await d.context.newPage();
  await page.addInitScript(() => {
    delete window.RTCPeerConnection;
  });
  await page.goto(d.service.url);
  await page.waitForSelector(".notice li:text-is('网页通话 (WebRTC)')");
  assert.equal(await page.$("form"), null);
  await audit(page, "lacks");
  await page.close();
  assert.equal(await d.page.getAttribute("header >> text=English", "lang"), "en");
  assert.equal(await d.page.evaluate(() => document.documentElement.lang), "zh-CN");
});
