// What every browser test uses: the packages of web/, Chromium, and a microphone made of a tone.
import { createRequire } from "node:module";
import { mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const require = createRequire(new URL("../../web/package.json", import.meta.url));
export const { chromium } = require("playwright-core");
export const { WebSocketServer } = require("ws");
export const toml = require("smol-toml");
export const axeSource = () => require("node:fs").readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

export const ROOT = new URL("../../", import.meta.url).pathname;
export const DIST = join(ROOT, "web/dist");

/** A WAV of a pure tone: mono, 16 bit. */
export function tone(hertz, seconds, rate = 48_000) {
  const samples = seconds * rate;
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write("RIFF", 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write("WAVEfmt ", 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(rate, 24);
  wav.writeUInt32LE(rate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write("data", 36);
  wav.writeUInt32LE(samples * 2, 40);
  for (let i = 0; i < samples; i++) wav.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * hertz * i) / rate)), 44 + i * 2);
  return wav;
}

/** Such a tone as a file, for the fake microphone. */
export function toneFile(hertz) {
  const folder = join(tmpdir(), "hutong-browser");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `tone-${hertz}.wav`);
  writeFileSync(file, tone(hertz, 4));
  return file;
}

/** Headless Chromium with a fake microphone; `allow` false leaves the browser's own question unanswered, that is: denied. */
export function launch({ hertz = 1000, allow = true } = {}) {
  const args = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${toneFile(hertz)}`,
    // Two pages of one machine meet by address; there is no mDNS responder in a container.
    "--disable-features=WebRtcHideLocalIpsWithMdns",
  ];
  if (allow) args.push("--use-fake-ui-for-media-stream");
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args });
}

/** Waits until `look` gives something true; fails after `ms` with `what`. */
export async function until(what, look, ms = 8_000) {
  const end = Date.now() + ms;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
