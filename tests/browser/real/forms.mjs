// The pages that the catalogue draws, as a person walks them: open by the menu, fill a form by its fields, tick and delete.
import { join } from "node:path";
import { until } from "../tools.mjs";

const tab = (rest) => `.tab:not([hidden]) ${rest}`;

/** Walks the pages of `me`, a person of office.mjs. HUTONG_SHOTS names a folder for a picture of each page. */
export function walker(me) {
  const rows = (words) => me.page.locator(tab(".table tbody tr"), { hasText: words });
  const save = () => me.page.click("dialog footer .main");
  const closed = () => me.page.waitForSelector("dialog", { state: "detached" });
  const steady = () => me.page.waitForSelector(tab('.list[aria-busy="false"]'));

  async function open(title) {
    // What an earlier page left open when it failed is not this one's.
    if ((await me.page.locator("dialog").count()) > 0) await me.page.reload();
    await me.page.click(`.sidebar .item:text-is("${title}")`);
    await me.page.waitForSelector(tab(`.tablebox[aria-label="${title}"]`));
    await steady();
    if (process.env.HUTONG_SHOTS) await me.page.screenshot({ path: join(process.env.HUTONG_SHOTS, `${title}.png`) });
  }

  /** Fills a form by the fields' ids: a choice by its words, yes or no, a file, several choices, or what is typed. */
  async function fill(fields) {
    for (const [id, value] of Object.entries(fields)) {
      const line = me.page.locator(`dialog [data-field="${id}"]`);
      // The form is still being drawn: what kind of field it is shows once it stands.
      await line.locator("input, select, textarea").first().waitFor({ state: "attached" });
      if (typeof value === "boolean") await line.locator("input[type=radio]").nth(value ? 0 : 1).check();
      else if (Array.isArray(value)) for (const word of value) await line.locator("label", { hasText: word }).locator("input").check();
      else if (typeof value === "object") await line.locator("input[type=file]").setInputFiles(value);
      else if ((await line.locator("select").count()) > 0) await line.locator("select").selectOption(value === "" ? "" : { label: value });
      else await line.locator("input, textarea").first().fill(value);
    }
  }

  async function saved(fields) {
    await fill(fields);
    await save();
    await closed();
    await steady();
  }

  /** What the service refuses is said in the form, which stays as it was typed. */
  async function refused(fields, words) {
    await fill(fields);
    await save();
    const said = me.page.locator("dialog .error, dialog .wrong");
    await until(`it is refused with ${words}`, async () => (await said.count()) > 0 && words.test((await said.allTextContents()).join(" ")));
  }

  /** 取消, and throws away what was typed. */
  async function cancel() {
    await me.page.click('dialog footer button:has-text("取消")');
    await me.page.click("dialog footer .danger");
    await closed();
  }

  const button = (title) => me.page.click(tab(`.toolbar button:has-text("${title}")`));
  const add = () => me.page.click(tab('.toolbar .main:has-text("添加")'));
  const edit = (words) => rows(words).first().locator(".op.edit").click();
  async function remove(words) {
    await rows(words).locator(".tick input").check();
    await me.page.click(tab(".toolbar .danger"));
    await me.page.click("dialog footer .danger");
    await until(`${words} is gone`, async () => (await rows(words).count()) === 0);
  }

  /** The titles above the table. */
  async function heads() {
    const all = await me.page.locator(tab(".table thead th")).allTextContents();
    const titles = all.map((one) => one.replace(/[▲▼\s]/g, "")).filter((one) => one !== "");
    // The last one stands above the rows' buttons.
    return titles.at(-1) === "操作" ? titles.slice(0, -1) : titles;
  }

  return { add, button, cancel, closed, edit, fill, heads, open, refused, remove, rows, save, saved, steady, tab };
}
