import assert from "node:assert/strict";
import { test } from "node:test";
import { change, comboOf, keyText, pressed, singleKeys, takenBy, usable } from "./keys.ts";

const press = (code: string, ...held: string[]) =>
  ({ code, ctrlKey: held.includes("Ctrl"), altKey: held.includes("Alt"), shiftKey: held.includes("Shift"), metaKey: held.includes("Meta") }) as KeyboardEvent;

test("keys are read by their code with what is held", () => {
  assert.equal(comboOf(press("KeyH", "Alt")), "Alt+KeyH");
  assert.equal(comboOf(press("NumpadEnter", "Shift", "Ctrl")), "Ctrl+Shift+Enter");
  assert.deepEqual(["Alt+KeyH", "Ctrl+Digit1", "F8"].map(keyText), ["Alt+H", "Ctrl+1", "F8"]);
});

test("a changed key does what the old one did, and the old one nothing", () => {
  assert.equal(pressed(press("KeyH", "Alt")), "hang_up");
  change({ keys: { hang_up: "F8" } });
  assert.deepEqual([pressed(press("KeyH", "Alt")), pressed(press("F8"))], [null, "hang_up"]);
  assert.equal(takenBy("mute", "F8"), "hang_up");
  change({ off: true });
  assert.deepEqual([pressed(press("F8")), singleKeys()], [null, false]);
  change({ off: false, keys: {} });
});

test("text keys and the browser's own are no hotkeys", () => {
  assert.deepEqual(["KeyH", "Shift+KeyH", "F5", "Ctrl+KeyW", "Alt+AltLeft", "Meta+KeyH"].filter(usable), []);
  assert.deepEqual(["F8", "Alt+KeyH", "Ctrl+Shift+Enter"].filter(usable).length, 3);
});
