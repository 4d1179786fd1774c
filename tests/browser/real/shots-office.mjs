// More pictures for the README, from a running office: seats, the import wizard at its mapping, the blocklist, and the console in
// tmux (its wall and a form). node tests/browser/real/shots-office.mjs [folder, default docs/images]; HUTONG_DEMO as for shots.mjs,
// HUTONG_CONSOLE the console's program.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT, launch, until } from "../tools.mjs";
import { admin, demo } from "./office.mjs";

const folder = process.argv[2] ?? join(ROOT, "docs/images");
const boss = await admin();
const { page } = boss;
// Small enough that no picture is beyond 150 kB.
await page.setViewportSize({ width: 1280, height: 640 });
const tab = (rest) => `.tab:not([hidden]) ${rest}`;
const shot = async (name) => {
  await page.mouse.move(683, 760);
  await page.waitForFunction(() => document.querySelector(".toast") === null);
  await page.screenshot({ path: join(folder, `${name}.png`) });
};
const open = async (title) => {
  await page.click(`.sidebar .item:text-is("${title}")`);
  await page.waitForSelector(tab(`.tablebox[aria-label="${title}"]`));
  await page.waitForSelector(tab('.list[aria-busy="false"]'));
};

await open("坐席设置");
await shot("page-seats");

await open("黑名单库");
for (const [phone, direction, reason] of [["1540009*", "限制呼出", "测试号段"], ["15400050007", "限制呼入呼出", "客户要求不再来电"], ["15400050012", "限制呼出", "空号"]]) {
  await page.click(tab('.toolbar .main:has-text("添加")'));
  await page.fill('dialog [data-field="phone"] input', phone);
  await page.selectOption('dialog [data-field="direction"] select', { label: direction });
  await page.fill('dialog [data-field="reason"] input', reason);
  await page.click("dialog footer .main");
  await page.waitForSelector("dialog", { state: "detached" });
}
await page.locator(tab(".table tbody tr"), { hasText: "测试号段" }).waitFor();
await shot("page-blocklist");

await open("客户资料");
await page.click(tab('.toolbar button:has-text("批量导入")'));
const list = "手机号,客户,单位,意向,备注\r\n154-0006-0001,赵一,云杉百货（演示）有限公司,意向,周五下午联系\r\n+86 154 0006 0002,钱二,,未分类,\r\n1.54E+10,孙三,某某贸易有限公司,意向,\r\n";
await page.setInputFiles("dialog input[type=file]", { name: "七月名单.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
await page.click("dialog footer .main");
await page.waitForSelector("dialog .mapping select >> nth=2");
await shot("page-import");
await boss.leave();

/** What a terminal of this size shows, with its colours, as a picture: the pane's escapes made HTML. */
const SIZE = [120, 36];
const tmux = (...args) => execFileSync("tmux", ["-L", "hutong-shots", ...args], { encoding: "utf8" });
const keys = (...names) => tmux("send-keys", ...names);
const seen = (words) => until(`the console shows ${words}`, () => tmux("capture-pane", "-p").includes(words), 20_000);
const command = `${process.env.HUTONG_CONSOLE} --connect ${demo.url} --company ${demo.company} --account ${demo.account}`;
tmux("-f", "/dev/null", "new-session", "-d", "-e", "TERM=screen-256color", "-x", String(SIZE[0]), "-y", String(SIZE[1]), command);
const browser = await launch();
const screen = await browser.newPage({ deviceScaleFactor: 1 });
const COLOURS = ["#1c1c1c", "#f2777a", "#99cc66", "#ffcc66", "#6699cc", "#cc99cc", "#5fc9d6", "#d8d8d8", "#777", "#ff8f92", "#b5e07f", "#ffdf8f", "#86b6e8", "#e0b3e0", "#86e3ee", "#fff"];
async function picture(name) {
  const html = tmux("capture-pane", "-p", "-e").trimEnd().split("\n").map(line).join("\n");
  await screen.setContent(`<meta charset="utf-8"><style>body{margin:0}pre{display:inline-block;margin:0;padding:10px;background:#161616;color:#d8d8d8;font:15px/20px "DejaVu Sans Mono","Noto Sans Mono CJK SC",monospace}i{display:inline-block;height:20px;vertical-align:top;font-style:normal;white-space:pre;overflow:hidden}</style><pre>${html}</pre>`);
  await screen.locator("pre").screenshot({ path: join(folder, `${name}.png`) });
}
/** A line of the pane: each character in a cell of its own, Han in two, as a terminal has it whatever the font. */
function line(text) {
  let style = {};
  return text.split(/(\x1b\[[0-9;]*m)/).map((part) => {
    if (part.startsWith("\x1b[")) style = styled(style, part.slice(2, -1).split(";").map(Number));
    else return [...part].map((c) => cell(c, style)).join("");
    return "";
  }).join("");
}
function cell(c, { fg, bg, bold, under, reverse }) {
  if (reverse) [fg, bg] = [bg ?? "#161616", fg ?? "#d8d8d8"];
  const css = [`width:${c.codePointAt(0) >= 0x2e80 ? 18 : 9}px`, fg && `color:${fg}`, bg && `background:${bg}`, bold && "font-weight:bold", under && "text-decoration:underline"];
  return `<i style="${css.filter(Boolean).join(";")}">${c.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</i>`;
}
function styled(before, codes) {
  let style = { ...before };
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at];
    if (code === 0) style = {};
    else if (code === 1) style.bold = true;
    else if (code === 4) style.under = true;
    else if (code === 7) style.reverse = true;
    else if (code === 38 || code === 48) style[code === 38 ? "fg" : "bg"] = COLOURS[codes[(at += 2)]];
    else if (code >= 30 && code <= 37) style.fg = COLOURS[code - 30];
    else if (code >= 40 && code <= 47) style.bg = COLOURS[code - 40];
    else if (code >= 90 && code <= 97) style.fg = COLOURS[code - 82];
    else if (code === 39) delete style.fg;
    else if (code === 49) delete style.bg;
  }
  return style;
}
try {
  await seen("密码");
  keys("-l", demo.password);
  keys("Enter");
  await seen("当前通话");
  await until("three talk", () => (tmux("capture-pane", "-p").match(/●通话/g) ?? []).length >= 3, 60_000);
  await picture("console-wall");
  keys("8");
  await seen("系统设置");
  keys("-l", ":话后设置 ");
  keys("Enter");
  await seen("须先保存");
  keys("n");
  await seen("新建");
  keys("Right");
  await picture("console-form");
} finally {
  tmux("kill-server");
  await browser.close();
}
