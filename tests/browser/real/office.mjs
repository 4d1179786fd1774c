// A running `hutong demo` and people before it in real browsers. HUTONG_DEMO holds the demo's first line.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch, until } from "../tools.mjs";

export const demo = JSON.parse(process.env.HUTONG_DEMO ?? "null");
if (demo === null) throw new Error("HUTONG_DEMO: the first line of `hutong demo --json`");
/** What the fake microphone says, Hz. */
export const MICROPHONE = 1000;
const EAR = fileURLToPath(new URL("ear.js", import.meta.url));

/** The pitch the simulated callee of a number speaks with. */
export const pitch = (number) => 500 + 50 * (Number(number.slice(-4)) % 21);

/** A browser of its own for each person: own cookies, own microphone. */
export async function person(account, password) {
  const browser = await launch({ hertz: MICROPHONE });
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: "zh-CN", timezoneId: "Asia/Shanghai", acceptDownloads: true });
  await context.addInitScript({ path: EAR });
  // A first visit: a browser that says yes to everything counts the microphone as given before it is asked.
  await context.addInitScript(() => {
    if (navigator.permissions) navigator.permissions.query = async () => ({ state: "prompt" });
  });
  const page = await context.newPage();
  page.setDefaultTimeout(12_000);
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && !/status of 4\d\d/.test(message.text()) && faults.push(message.text()));
  await page.goto(demo.url);
  await page.fill("[name=company]", demo.company);
  await page.fill("[name=account]", account);
  await page.fill("[name=password]", password);
  await page.click("button[type=submit]");
  await page.waitForSelector(".frame");
  return {
    browser, page,
    notes: () => page.evaluate(() => window.notes),
    api: (path) => page.evaluate(async (path) => (await fetch(path)).json(), path),
    leave: async () => {
      await browser.close();
      assert.deepEqual(faults, [], "what the browser complained of");
    },
  };
}

export const agent = () => person(demo.agent_account, demo.agent_password);
export const admin = () => person(demo.account, demo.password);

/** The carrier's own log, a line for each event of a number's calls. */
export const carrier = (number) =>
  readFileSync(demo.carrier_log, "utf8").split("\n").slice(0, -1).map((line) => JSON.parse(line)).filter((line) => line.number === number);

/** Waits until the callee has heard the tone; the carrier says so when it ends or changes. */
export const calleeHeard = (number, hertz) =>
  until(`${number} hears ${hertz} Hz`, () => carrier(number).some((line) => Math.abs((line.heard_hz ?? 0) - hertz) <= 25), 12_000);

export const ended = (number) => until(`${number} is over at the carrier`, () => carrier(number).find((line) => line.event === "end"));

/** Waits until the agent has heard a tone for so long without a break after `after` (page clock), and gives that sound. */
export const agentHeard = (who, hertz, { ms = 300, after = 0 } = {}) =>
  until(`the agent hears ${hertz} Hz`, async () => (await who.notes()).sounds.find((one) => one.hertz === hertz && one.from >= after && one.to - one.from >= ms), 12_000);

/** Stereo A-law WAV: seconds of each lane in which the tone is most of what is heard. */
export function lanes(wav, hertz) {
  const at = (id) => wav.indexOf(id, 12, "latin1");
  const format = at("fmt ") + 8;
  assert.deepEqual([wav.readUInt16LE(format), wav.readUInt16LE(format + 2), wav.readUInt32LE(format + 4)], [6, 2, 8000], "A-law, stereo, 8 kHz");
  const data = wav.subarray(at("data") + 8);
  return [0, 1].map((lane) => {
    let seconds = 0;
    for (let from = lane; from + 3200 <= data.length; from += 3200) {
      const block = Array.from({ length: 1600 }, (_, i) => linear(data[from + 2 * i]));
      if (share(block, hertz) > 0.5) seconds += 0.2;
    }
    return seconds;
  });
}

/** G.711 A-law, as -1 to 1. */
function linear(octet) {
  const byte = octet ^ 0x55;
  const exponent = (byte >> 4) & 7;
  const mantissa = ((byte & 15) << 4) + 8;
  const size = exponent === 0 ? mantissa : (mantissa + 256) << (exponent - 1);
  return (byte & 0x80 ? size : -size) / 32768;
}

function share(samples, hertz) {
  const k = 2 * Math.cos((2 * Math.PI * hertz) / 8000);
  let a = 0, b = 0, energy = 0;
  for (const x of samples) {
    [a, b] = [x + k * a - b, a];
    energy += x * x;
  }
  return energy / samples.length < 1e-5 ? 0 : (2 * (a * a + b * b - k * a * b)) / (samples.length * energy);
}
