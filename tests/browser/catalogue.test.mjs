// Every page the service's own catalogue describes (`hutong catalogue --json`): its columns, its form, what its buttons ask. Where
// the program has not been built there is nothing to look at.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { clean } from "./clean.mjs";
import { desk } from "./desk.mjs";
import { ROOT, until } from "./tools.mjs";

const program = process.env.HUTONG_BIN ?? join(process.env.CARGO_TARGET_DIR ?? join(ROOT, "target"), "debug/hutong");
const described = existsSync(program) ? catalogue() : null;

/** Null from a program older than this word. */
function catalogue() {
  const { status, stdout } = spawnSync(program, ["catalogue", "--json"], { encoding: "utf8", maxBuffer: 1 << 26 });
  return status === 0 ? JSON.parse(stdout) : null;
}

/** One language of a catalogue whose texts stand in both. */
function inLang(value, lang) {
  if (Array.isArray(value)) return value.map((one) => inLang(one, lang));
  if (value === null || typeof value !== "object") return value;
  if (lang in value) return value[lang];
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inLang(one, lang)]));
}

const SAMPLE = { phone: "10000001037", number: "12", money: "1.5", date: "2026-06-10", date_time: "2026-06-10 11:17:58", span: "09:00~18:00", yes_no: "true", select: "", choices: "", permissions: "calls.view", audio: "", file: "" };
const sample = (field) => field.default || (SAMPLE[field.kind] ?? "示例");
const row = (page, id) => ({
  id, cells: Object.fromEntries([...page.columns, ...page.form].map((one) => [one.id, sample(one)])), actions: page.actions.filter((one) => one.place !== "toolbar").map((one) => one.id),
});

/** Drawn by hands of their own, each with its test. */
const OWN = new Set(["next", "add", "edit", "import", "append", "export", "play", "download", "upload", "versions", "rejects"]);

if (described === null) test.skip("the service's own catalogue", () => {});
else {
  const pages = inLang(described.pages, "zh-CN");
  let d;
  before(async () => {
    d = await desk();
    Object.assign(d.service.state, { catalogue: pages, permissions: inLang(described.permissions, "zh-CN"), rows: Object.fromEntries(pages.map((page) => [page.id, [row(page, 1), row(page, 2)]])) });
    await d.login("admin");
  });
  after(() => d.close());

  const here = (selector) => `.tab:not([hidden]) >> ${selector}`;
  const fields = (all) => d.page.$$eval("dialog .line[data-field]", (lines) => lines.map((one) => one.dataset.field)).then((drawn) => assert.deepEqual(drawn.filter((id) => id !== "preview").sort(), all.map((one) => one.id).sort()));
  const shut = async () => {
    await d.page.click("dialog footer >> text=取消");
    await until("closed", async () => (await d.page.$("dialog")) === null);
  };

  for (const page of pages) {
    test(`${page.menu_title} → ${page.title}`, async () => {
      await d.page.click(`.sidebar .item:text-is("${page.title}")`);
      await d.page.waitForSelector(here(".table tbody tr"));
      const heads = await d.page.$$eval(".tab:not([hidden]) th .sort", (all) => all.map((one) => one.textContent));
      assert.deepEqual(heads, page.columns.map((one) => one.title));
      let looked = false;
      for (const action of page.actions) {
        const asks = action.asks ?? [];
        if (!["add", "edit"].includes(action.id) && (OWN.has(action.id) || asks.length === 0)) continue;
        if (action.place === "selection") await d.page.check(here("tbody .tick input >> nth=0"));
        await d.page.click(action.place === "row" ? here(`.op.${action.id} >> nth=0`) : here(`.toolbar >> button:has-text("${action.title}") >> nth=0`));
        await d.page.waitForSelector("dialog .line[data-field]");
        const more = await d.page.$("dialog .advanced .link");
        if (more !== null) await more.click();
        const form = action.id === "add" ? page.form : action.id === "edit" ? page.form.filter((one) => one.kind !== "file" || page.view === "prompts") : asks;
        await fields(form);
        if (!looked) await clean(d.page, `${page.title} → ${action.title}`);
        looked = true;
        await shut();
        if (action.place === "selection") await d.page.uncheck(here("tbody .tick input >> nth=0"));
      }
      if (!looked) await clean(d.page, page.title);
    });
  }
}
