// WCAG 2.2 AA by axe-core of what is on the screen, and targets of at least 24 x 24 px.
import assert from "node:assert/strict";
import { axeSource } from "./tools.mjs";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export async function clean(page, what) {
  // Evaluated by the tester's protocol, so the page's content policy stands as it is.
  await page.evaluate(axeSource());
  const found = await page.evaluate(async (values) => {
    const { violations } = await window.axe.run(document, { runOnly: { type: "tag", values } });
    return violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
  }, RULES);
  assert.deepEqual(found, [], what);
  const small = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, input:not([type=checkbox]):not([type=radio]), a.button, label > input")]
      .filter((one) => one.offsetParent !== null)
      // A box inside its label is hit by the whole label.
      .map((one) => [one.className || one.id || one.textContent || one.value, (["checkbox", "radio"].includes(one.type) ? one.parentElement : one).getBoundingClientRect()])
      .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
      .map(([name, box]) => `${name} ${box.width.toFixed(0)}x${box.height.toFixed(0)}`));
  assert.deepEqual(small, [], `${what}: targets`);
}
