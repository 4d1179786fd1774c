// Builds the page into dist/, or with --tests the node-testable parts into dist-tests/.
import { build } from "esbuild";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const here = new URL(".", import.meta.url).pathname;
// The oldest Chromium core of the 360 browsers still met in offices (docs/rules.md).
const target = "chrome86";

if (process.argv.includes("--tests")) {
  rmSync(join(here, "dist-tests"), { recursive: true, force: true });
  const tests = readdirSync(join(here, "src"), { recursive: true }).filter((name) => name.endsWith(".test.ts"));
  await build({
    absWorkingDir: here,
    entryPoints: tests.map((name) => join("src", name)),
    bundle: true,
    platform: "node",
    format: "esm",
    outdir: "dist-tests",
    outExtension: { ".js": ".mjs" },
  });
} else {
  rmSync(join(here, "dist"), { recursive: true, force: true });
  mkdirSync(join(here, "dist"));
  await build({
    absWorkingDir: here,
    entryPoints: { app: "src/main.tsx" },
    bundle: true,
    minify: true,
    format: "iife",
    target,
    jsx: "automatic",
    jsxImportSource: "preact",
    legalComments: "none",
    outdir: "dist",
  });
  await build({ absWorkingDir: here, entryPoints: { start: "src/start.ts" }, minify: true, target: "es5", legalComments: "none", outdir: "dist" });
  cpSync(join(here, "public"), join(here, "dist"), { recursive: true });
}
