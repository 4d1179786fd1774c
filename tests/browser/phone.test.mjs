// The seat's phone in a real browser: WebRTC to a peer page, a tone for a microphone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { call, desk, hangUp } from "./desk.mjs";
import { until } from "./tools.mjs";

const MIC_HERTZ = 1000;
const BANNER = "麦克风尚未授权：登入或拨号时请在浏览器弹窗中选择「允许」";
let d;

before(async () => {
  d = await desk({ hertz: MIC_HERTZ });
  // The page plays through an element of its own; keep it and the microphone within a test's reach.
  await d.context.addInitScript(() => {
    const Plain = window.Audio;
    window.Audio = class extends Plain {
      constructor(...args) {
        super(...args);
        window.player = this;
      }
    };
    // A first visit: the browser that says yes to everything counts it as given before it is asked.
    navigator.permissions.query = async () => (window.permission = { state: "prompt" });
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (want) => (window.mic = { want, stream: await ask(want) }).stream;
  });
  await d.login("u8002");
});
after(() => d.close());

const heard = () => d.far.evaluate(() => window.heard());
const hearsTone = () => until("the far end hears the microphone", async () => {
  const { hertz, db } = await heard();
  return db > -60 && Math.abs(hertz - MIC_HERTZ) < 30;
});
// A-law has no exact zero, so silence is looked for at the microphone's tone.
const hearsNothing = () => until("the far end hears nothing", () => d.far.evaluate((hertz) => window.level(hertz) < -85, MIC_HERTZ));
const legs = () => d.far.evaluate(() => window.legs.length);

test("the manual's banner stands until the microphone is granted", async () => {
  assert.equal(await d.page.textContent(".banner span"), BANNER);
  await d.signIn();
  assert.equal(await d.page.$(".banner"), null);
  assert.match(await d.page.textContent("button.sign"), /● 已签入/);
  await d.page.mouse.move(0, 400);
  assert.equal(await d.page.evaluate(() => getComputedStyle(document.querySelector("button.sign")).backgroundColor), "rgb(26, 127, 55)");
});

test("the leg stood before the command, and offered A-law only", async () => {
  const sdp = await d.far.evaluate(() => window.legs[0].offer);
  const [line] = sdp.match(/m=audio.*/);
  const codecs = [...sdp.matchAll(/a=rtpmap:(\d+) (\S+)/g)].map(([, , name]) => name);
  assert.deepEqual(codecs.map((name) => name.toUpperCase()).sort(), ["PCMA/8000", "TELEPHONE-EVENT/8000"]);
  assert.match(line, / 8 /);
  assert.match(sdp, /a=candidate:/, "non-trickle: candidates are in the offer");
  const order = d.service.state.posts.findIndex((one) => one.path === "/api/phone");
  assert.ok(order >= 0 && d.commands("sign_in").length === 1);
});

test("echo cancellation is asked for", async () => {
  const want = await d.page.evaluate(() => window.mic.want.audio);
  assert.equal(want.echoCancellation, true);
});

test("between calls the far end hears nothing, in a call the microphone, muted nothing again", async () => {
  await hearsNothing();
  call(d.service);
  await hearsTone();
  await d.page.keyboard.press("Alt+m");
  await d.page.waitForSelector("button.muted");
  await hearsNothing();
  await d.page.keyboard.press("Alt+m");
  await hearsTone();
  hangUp(d.service);
  await hearsNothing();
});

test("the agent hears the far end", async () => {
  await until("the element plays", () => d.page.evaluate(() => !window.player.paused && window.player.currentTime > 0));
  const level = await d.page.evaluate(async () => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 4096;
    context.createMediaStreamSource(window.player.srcObject).connect(analyser);
    await new Promise((resolve) => setTimeout(resolve, 400));
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    const best = bins.indexOf(Math.max(...bins));
    return { hertz: (best * context.sampleRate) / analyser.fftSize, db: bins[best] };
  });
  assert.ok(Math.abs(level.hertz - 600) < 30 && level.db > -60, JSON.stringify(level));
});

test("after the network dropped the socket the seat signs in again by itself", async () => {
  d.service.state.seat.state = "lost";
  const signed = d.commands("sign_in").length;
  d.service.drop();
  await d.page.waitForSelector(".statusbar.down:has-text('正在自动重连')");
  await until("a second sign-in", () => d.commands("sign_in").length === signed + 1);
  await d.page.waitForSelector("button.sign.in");
  assert.equal(await legs(), 1, "the standing leg outlives the socket");
});

test("a leg that fails is offered anew, with the sign-in after it", async () => {
  const signed = d.commands("sign_in").length;
  await d.far.evaluate(() => window.legs[0].pc.close());
  await until("a second offer", async () => (await legs()) === 2, 15_000);
  await until("a sign-in after it", () => d.commands("sign_in").length === signed + 1);
  call(d.service, { call: 78 });
  await hearsTone();
});

test("a reload in a call keeps the card, the typed text, and brings the phone back without a click", async () => {
  await d.page.fill(".cardform textarea", "客户说到一半");
  await d.page.reload();
  await d.page.waitForSelector(".callcard.talking");
  assert.equal(await d.page.inputValue(".cardform textarea"), "客户说到一半");
  assert.match(await d.page.textContent(".whom .number"), /10000001037/);
  call(d.service, { call: 78, card: { name: "孙三" } });
  await d.page.waitForFunction(() => ![...document.querySelectorAll(".cardform input")].some((one) => one.value.includes("贸易")));
  assert.equal(await d.page.inputValue(".cardform textarea"), "客户说到一半", "told of the call again");
  await until("the offer after the reload", async () => (await legs()) === 3);
  await hearsTone();
});

test("a second tab asks before it takes a call over, and the first lets go and keeps its text", async () => {
  const second = await d.open();
  await second.goto(d.service.url);
  await second.waitForSelector("dialog >> text=已在另一标签页打开，切换到这里？");
  assert.equal(d.service.state.sockets.size, 1, "no socket before the answer");
  await hearsTone();
  const before = await legs();
  await second.click('button:text-is("切换到这里")');
  await until("the leg of the second tab", async () => (await legs()) === before + 1);
  await hearsTone();
  await d.page.waitForSelector("dialog >> text=切换到这里？");
  await until("the first tab let the microphone go", () => d.page.evaluate(() => window.mic.stream.getAudioTracks()[0].readyState === "ended"));
  assert.equal(d.service.state.sockets.size, 1);
  assert.equal(await d.page.inputValue(".cardform textarea"), "客户说到一半");
  await d.page.click('button:text-is("切换到这里")');
  await until("back in the first tab", async () => (await legs()) === before + 2);
  await hearsTone();
  await second.close();
  hangUp(d.service, 78);
});

test("a headset pulled out brings the banner back; retry asks again", async () => {
  d.service.seat({ state: "signed_out" });
  await d.page.waitForSelector("button.sign.out");
  await d.signIn();
  const signed = d.commands("sign_in").length;
  await d.page.evaluate(() => window.mic.stream.getAudioTracks()[0].dispatchEvent(new Event("ended")));
  await d.page.waitForSelector("text=没有找到可用的麦克风");
  await d.page.click(".banner button");
  await until("the banner is gone", async () => (await d.page.$(".banner")) === null);
  await until("signed in again", () => d.commands("sign_in").length === signed + 1);
});

test("signed out by the supervisor: stays out, the microphone is let go", async () => {
  const signed = d.commands("sign_in").length;
  d.service.seat({ state: "signed_out" });
  d.service.push({ msg: "toast", code: "agent.forced_out", text: "赵一 已将您签出；如有疑问请联系主管。" });
  await d.page.waitForSelector("text=赵一 已将您签出");
  await until("the track is stopped", () => d.page.evaluate(() => window.mic.stream.getAudioTracks()[0].readyState === "ended"));
  assert.equal(d.commands("sign_in").length, signed);
  assert.equal(await d.page.$(".banner"), null, "the permission stays, and with it the banner away");
  assert.match(await d.page.textContent(".senses"), /麦 待命/);
  await d.page.evaluate(() => window.permission.onchange());
  assert.equal(await d.page.textContent(".banner span"), BANNER, "taken back in the browser's settings");
});

test("失联 without a leg: 签入 opens one before it signs in, from the bar and from the card", async () => {
  for (const button of ["button.sign.out", ".callcard.lost .main"]) {
    d.service.seat({ state: "lost", phone: false });
    await d.page.waitForSelector(".callcard.lost");
    const [offers, signed] = [await legs(), d.commands("sign_in").length];
    await d.page.click(button);
    await d.page.waitForSelector("button.sign.in");
    assert.deepEqual([await legs(), d.commands("sign_in").length], [offers + 1, signed + 1]);
    d.service.seat({ state: "signed_out" });
    await d.page.waitForSelector(".senses:has-text('待命')");
  }
});

test("while no leg can be had the page says so and keeps trying", async () => {
  d.service.state.phone = false;
  await d.page.click("button.sign.out");
  await d.page.waitForSelector("text=签入中…");
  await until("several tries", () => d.posts("/api/phone").length > 6, 10_000);
  d.service.state.phone = true;
  await d.page.waitForSelector("button.sign.in", { timeout: 15_000 });
});

test("a quick dial of a signed-out seat is refused in the service's words and asks for no microphone", async () => {
  await d.page.click("button.sign.in");
  await d.page.waitForSelector("button.sign.out");
  d.service.state.refuse.dial = { code: "agent.not_signed_in", text: "坐席未签入，请先签入。" };
  await d.page.fill("#quickdial", "100 0000-1037");
  await d.page.keyboard.press("Enter");
  await d.page.waitForSelector("text=坐席未签入，请先签入。");
  assert.equal(d.commands("dial").at(-1).number, "100 0000-1037");
  d.service.state.refuse = {};
});
