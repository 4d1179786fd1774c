// What the page says where there is no microphone to be had.
import assert from "node:assert/strict";
import { test } from "node:test";
import { desk } from "./desk.mjs";
import { launch } from "./tools.mjs";
import { mock } from "./mock.mjs";

test("denied: the lock icon is explained, and nothing is signed in", async (t) => {
  const d = await desk({ allow: false });
  t.after(() => d.close());
  await d.login("u8002");
  await d.page.click("button.sign.out");
  await d.page.waitForSelector(".banner.bad");
  assert.match(await d.page.textContent(".banner"), /锁形图标.*允许/);
  assert.ok(await d.page.$(".lockpic"));
  assert.equal(d.commands("sign_in").length, 0);
  await d.context.grantPermissions(["microphone"], { origin: d.service.url });
  await d.page.click(".banner button");
  await d.page.waitForSelector("button.sign.in");
});

test("plain http on a LAN name: one page says why and where to go", async () => {
  const service = await mock();
  const browser = await launch();
  const context = await browser.newContext();
  const page = await context.newPage();
  // A name that is not localhost is not secure over http; the answers come from the mock.
  await page.route("http://office.example/**", async (route) => {
    const answer = await fetch(service.url + new URL(route.request().url()).pathname);
    await route.fulfill({ status: answer.status, headers: Object.fromEntries(answer.headers), body: Buffer.from(await answer.arrayBuffer()) });
  });
  await page.goto("http://office.example/");
  await page.waitForSelector(".notice");
  assert.match(await page.textContent(".notice"), /这个地址不能使用麦克风/);
  assert.equal(await page.getAttribute(".notice a", "href"), "https://office.example/");
  assert.equal(await page.$("form"), null);
  await browser.close();
  service.close();
});
