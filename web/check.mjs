// Fails where the built page outgrows its budget or uses what Chromium 86 does not have.
import { readFileSync, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { join } from "node:path";

const dist = new URL("./dist/", import.meta.url).pathname;
const BUDGET = 60_000;

/** What would break on the floor browser, or under `default-src 'self'`. */
const DENIED = [
  { in: /\.html$/, what: "import maps (89)", seen: /type="?importmap/ },
  { in: /\.html$/, what: "inline script", seen: /<script(?![^>]*\ssrc=)[^>]*>/ },
  { in: /\.html$/, what: "inline style or handler", seen: /<style|\sstyle=|\son[a-z]+=/ },
  { in: /\.html$/, what: "another host", seen: /(?:src|href)="(?:https?:)?\/\// },
  { in: /\.(css|js)$/, what: ":has() (105)", seen: /:has\(/ },
  { in: /\.css$/, what: "CSS nesting (112)", seen: /\{[^{}]*&/ },
  { in: /\.css$/, what: ":is()/:where() (88)", seen: /:(?:is|where)\(/ },
  { in: /\.css$/, what: "inset, aspect-ratio (87, 88)", seen: /[{;](?:inset|aspect-ratio)\s*:/ },
  { in: /\.css$/, what: "dvh, container queries, layers, accent-color", seen: /dvh|@container|@layer|accent-color/ },
  { in: /\.js$/, what: "inert (102)", seen: /\binert\b/ },
  { in: /\.js$/, what: "structuredClone (98)", seen: /\bstructuredClone\b/ },
  { in: /\.js$/, what: "crypto.randomUUID (92)", seen: /randomUUID/ },
  { in: /\.js$/, what: ".at() (92)", seen: /\.at\(/ },
  { in: /\.js$/, what: "Object.hasOwn, groupBy (93, 117)", seen: /\.hasOwn\(|\.groupBy\(/ },
  { in: /\.js$/, what: "findLast, toSorted (97, 110)", seen: /\.findLast\(|\.toSorted\(|\.toReversed\(/ },
  { in: /\.js$/, what: "AbortSignal.timeout (103)", seen: /AbortSignal\.timeout/ },
  { in: /\.js$/, what: "Array.fromAsync, Promise.withResolvers (119)", seen: /Array\.fromAsync|withResolvers/ },
  { in: /\.js$/, what: "AbortSignal.any, Intl.supportedValuesOf (93 to 116)", seen: /AbortSignal\.any|supportedValuesOf/ },
  { in: /\.js$/, what: "showPicker, popover, startViewTransition, scrollend (99 to 114)", seen: /showPicker|showPopover|startViewTransition|scrollend/ },
  { in: /\.js$/, what: "showOpenFilePicker, CompressionStream (86 with a gesture, 80)", seen: /showOpenFilePicker|CompressionStream/ },
  { in: /\.js$/, what: "static blocks, # in x (91, 94)", seen: /static\{|#\w+ in / },
  { in: /\.css$/, what: "color-mix, oklch, relative colours (111)", seen: /color-mix|oklch|oklab/ },
  { in: /\.css$/, what: "overflow: clip, scrollbar-gutter, text-wrap (90 to 114)", seen: /overflow:clip|scrollbar-gutter|text-wrap/ },
  { in: /\.js$/, what: "eval", seen: /\beval\(|new Function\(/ },
  { in: /\.js$/, what: "HTML from strings", seen: /\.innerHTML\s*=(?!=)|insertAdjacentHTML|document\.write/ },
];
/** Preact's own support for dangerouslySetInnerHTML is never reached: no view uses that property. */
const ALLOWED = { "HTML from strings": 1 };

let failed = false;
const fail = (text) => {
  failed = true;
  console.error(`check: ${text}`);
};

let total = 0;
for (const name of readdirSync(dist)) {
  const bytes = readFileSync(join(dist, name));
  const zipped = gzipSync(bytes, { level: 9 }).length;
  total += zipped;
  console.log(`${name.padEnd(16)} ${String(bytes.length).padStart(8)} ${String(zipped).padStart(7)} gz`);
  for (const rule of DENIED) {
    if (!rule.in.test(name)) continue;
    const hits = bytes.toString("utf8").match(new RegExp(rule.seen, "g")) ?? [];
    if (hits.length > (ALLOWED[rule.what] ?? 0)) fail(`${name} uses ${rule.what}: ${hits[0].slice(0, 80)}`);
  }
}
console.log(`${"all".padEnd(16)} ${"".padStart(8)} ${String(total).padStart(7)} gz of ${BUDGET}`);
if (total > BUDGET) fail(`${total} bytes gzipped, more than ${BUDGET}`);
process.exit(failed ? 1 : 0);
