import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "smol-toml";

// Run from the folder web/, as npm does.
const SRC = "src";
const texts = (lang: string): Record<string, string> => {
  const out: Record<string, string> = {};
  const walk = (prefix: string, table: Record<string, unknown>) => {
    for (const [key, value] of Object.entries(table)) {
      if (typeof value === "object") walk(`${prefix}.${key}`, value as Record<string, unknown>);
      else out[`${prefix}.${key}`] = String(value);
    }
  };
  walk("page", parse(readFileSync(join("..", "data", "texts", lang, "page.toml"), "utf8")) as Record<string, unknown>);
  return out;
};

/** Keys the source names in full, and the beginnings it completes at run time. */
function used(): { keys: Set<string>; stems: Set<string> } {
  const keys = new Set<string>();
  const stems = new Set<string>();
  for (const name of readdirSync(SRC, { recursive: true }) as string[]) {
    if (!/\.tsx?$/.test(name) || /[.](test|gen)[.]/.test(name)) continue;
    const source = readFileSync(join(SRC, name), "utf8");
    for (const [, key] of source.matchAll(/["'`](page(?:\.[a-z_]+)+)["'`]/g)) keys.add(key!);
    for (const [, stem] of source.matchAll(/`(page(?:\.[a-z_]+)+\.)\$\{/g)) stems.add(stem!);
  }
  return { keys, stems };
}

test("each text the page names exists in both languages", () => {
  const [zh, en] = [texts("zh-CN"), texts("en")];
  const { keys, stems } = used();
  assert.ok(keys.size > 100);
  for (const key of keys) assert.ok(key in zh && key in en, key);
  for (const stem of stems) assert.ok(Object.keys(zh).some((key) => key.startsWith(stem)), stem);
  assert.deepEqual(Object.keys(zh).sort(), Object.keys(en).sort());
});

test("no text is left over", () => {
  const { keys, stems } = used();
  const dead = Object.keys(texts("zh-CN")).filter((key) => !keys.has(key) && ![...stems].some((stem) => key.startsWith(stem) && !key.slice(stem.length).includes(".")));
  assert.deepEqual(dead, []);
});

test("the manual's own sentences stand as written", () => {
  const zh = texts("zh-CN");
  assert.equal(zh["page.mic.not_granted"], "麦克风尚未授权：登入或拨号时请在浏览器弹窗中选择「允许」");
  assert.equal(zh["page.import.rule"], "仅支持CSV格式的文件，单个表格最多可导入30万数据；请用逗号或分号分隔。Excel「另存为 CSV UTF-8」或带 BOM 的 UTF-8、以及 GBK 编码均可识别。");
});
