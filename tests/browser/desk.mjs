// One mock service with a browser before it, as the tests of the page use it.
import assert from "node:assert/strict";
import { mock } from "./mock.mjs";
import { launch, until } from "./tools.mjs";

/** `faults`: whatever the browser complained of, a broken content policy among it. */
export async function desk({ zone, ...options } = {}) {
  const service = await mock();
  const browser = await launch(options);
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "zh-CN", acceptDownloads: true, ...(zone ? { timezoneId: zone } : {}) });
  const faults = [];
  const open = async () => {
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && !/status of 4\d\d|status of 503|WebSocket/.test(message.text()) && faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(String(error)));
    page.setDefaultTimeout(8_000);
    return page;
  };
  const far = await context.newPage();
  await far.goto(`${service.url}/mock/peer.html`);
  await far.click("button");
  await until("the far end is there", () => service.state.peers.size > 0);
  const page = await open();
  const login = async (account, on = page) => {
    await on.goto(service.url);
    await on.fill("[name=company]", "demo");
    await on.fill("[name=account]", account);
    await on.fill("[name=password]", "secret");
    await on.click("button[type=submit]");
    await on.waitForSelector(".frame");
  };
  return {
    service, browser, context, page, far, faults, open, login,
    signIn: async (on = page) => {
      await on.click("button.sign.out");
      await on.waitForSelector("button.sign.in");
    },
    /** Commands the service got, by name. */
    commands: (name) => service.state.commands.filter((one) => one.cmd === name),
    posts: (path) => service.state.posts.filter((one) => one.path.startsWith(path)),
    close: async () => {
      await browser.close();
      service.close();
      assert.deepEqual(faults, []);
    },
  };
}

export const POP = {
  msg: "pop", call: 77, kind: "campaign", number: "10000001037", campaign: "六月回访", customer: 5,
  card: { mobile: "10000001037", name: "孙三", organisation: "某某贸易有限公司", category: "意向", address: "", note: "" },
};

/** Brings a call to the seat, as the service does: the pop first, then the state. */
export function call(service, more = {}) {
  service.push({ ...POP, ...more });
  service.seat({ state: "talking", call: more.call ?? POP.call });
}

export function hangUp(service, id = POP.call, wrapMs = 15_000) {
  service.push({ msg: "call_over", call: id, state: "answered", talk_s: 12 });
  service.seat({ state: "wrap_up", call: undefined, until: Date.now() + wrapMs });
}
