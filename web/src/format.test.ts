import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, dateTime, duration, hourRate, pageButtons, pages, rate, timeOfDay, yuan } from "./format.ts";

test("rates read as in the manual (F30)", () => {
  const golden: [number, number, string][] = [[1, 36, "2.78%"], [0, 0, "0%"], [6, 7, "85.71%"], [36, 50, "72%"], [7, 10, "70%"], [26, 41, "63.41%"], [1, 1, "100%"], [0, 3, "0%"], [1, 10, "10%"]];
  for (const [part, whole, text] of golden) assert.equal(rate(part, whole), text);
});

test("the chart's rate is never NaN (F8)", () => {
  assert.deepEqual([hourRate(0, 10), hourRate(0, 0), hourRate(5, 8)], ["0.0", "0.0", "62.5"]);
});

test("1255 rows make 42 pages (F16)", () => {
  assert.deepEqual([pages(1255, 30), pages(0, 30), pages(30, 30), pages(31, 30)], [42, 1, 1, 2]);
});

test("money shows three decimals, cut", () => {
  assert.deepEqual([0, -1_234_567, 150_000, 1_234_567_890, 999].map(yuan), ["0.000", "-1.234", "0.150", "1,234.567", "0.000"]);
});

test("times", () => {
  assert.deepEqual([duration(151), duration(3661.9), duration(-4)], ["00:02:31", "01:01:01", "00:00:00"]);
  assert.deepEqual([clock(151), clock(3661)], ["02:31", "01:01:01"]);
});

test("times of day are the company's, wherever the browser stands", () => {
  const at = Date.UTC(2026, 5, 10, 16, 7, 58);
  assert.equal(dateTime(at, "Asia/Shanghai"), "2026-06-11 00:07:58");
  assert.equal(dateTime(at, "America/New_York"), "2026-06-10 12:07:58");
  assert.equal(timeOfDay(at, "Asia/Shanghai"), "00:07:58");
  assert.equal(timeOfDay(at, "Nowhere/At_All"), "16:07:58");
});

test("the pager keeps both ends and the neighbours", () => {
  assert.deepEqual(pageButtons(1, 1), [1]);
  assert.deepEqual(pageButtons(20, 42), [1, 0, 18, 19, 20, 21, 22, 0, 42]);
  assert.deepEqual(pageButtons(2, 5), [1, 2, 3, 4, 5]);
});
