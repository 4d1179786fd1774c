import assert from "node:assert/strict";
import { test } from "node:test";
import { draftsOf, dropDraft, dropDrafts, keepDraft, keptDraft } from "./drafts.ts";
import type { FieldView, Kind } from "./types.ts";

const field = (id: string, kind: Kind = "text") => ({ id, kind }) as FieldView;
const FIELDS = [field("name"), field("password", "password"), field("file", "file")];

// What the browser's own does, as far as drafts use it.
const kept = new Map<string, string>();
const storage = {
  getItem: (key: string) => kept.get(key) ?? null,
  setItem: (key: string, value: string) => void (kept.set(key, value), Object.assign(storage, { [key]: value })),
  removeItem: (key: string) => void (kept.delete(key), delete (storage as Record<string, unknown>)[key]),
};
Object.assign(globalThis, { sessionStorage: storage });

test("what was typed is there again for the same form of the same seat, and for no other", () => {
  draftsOf(1);
  keepDraft("seats", 3, FIELDS, { name: "孙三", password: "a-word", file: "x" });
  assert.deepEqual(keptDraft("seats", 3, FIELDS), { name: "孙三" });
  assert.ok(![...kept.values()].join().includes("a-word"));
  assert.deepEqual([keptDraft("seats", 4, FIELDS), keptDraft("seats", undefined, FIELDS)], [{}, {}]);
  draftsOf(2);
  assert.deepEqual(keptDraft("seats", 3, FIELDS), {});
  draftsOf(1);
  assert.deepEqual(keptDraft("seats", 3, [field("other")]), {}, "a field that is gone");
});

test("saved or thrown away is gone, and all of it with the logout", () => {
  dropDraft("seats", 3);
  assert.deepEqual(keptDraft("seats", 3, FIELDS), {});
  keepDraft("seats", 3, FIELDS, { name: "a" });
  keepDraft("roles", undefined, FIELDS, { name: "b" });
  dropDrafts();
  assert.equal(kept.size, 0);
});
