// Writes src/api.gen.ts from the service's OpenAPI document, or with --check says whether it is current.
import openapiTS, { astToString } from "openapi-typescript";
import { readFileSync, writeFileSync } from "node:fs";

const at = (path) => new URL(path, import.meta.url);
const document = JSON.parse(readFileSync(at("../../data/openapi.json"), "utf8"));

// The page draws whatever the catalogue says, so it needs no types of single catalogue pages; without them this file
// changes only when the contract does.
for (const path of Object.keys(document.paths)) if (path.startsWith("/p/")) delete document.paths[path];
for (const name of Object.keys(document.components.schemas)) {
  if (document.components.schemas[name]["x-page"]) delete document.components.schemas[name];
}

const head = "// Made from data/openapi.json by `npm run api-types`. Not to be changed by hand.\n\n";
const made = head + astToString(await openapiTS(document, { alphabetize: false }));
const file = at("../src/api.gen.ts");
if (process.argv.includes("--check")) {
  let there = "";
  try {
    there = readFileSync(file, "utf8");
  } catch {
    // Not made yet: stale.
  }
  if (there !== made) {
    console.error("api-types: src/api.gen.ts is stale: run `make contract`");
    process.exit(1);
  }
} else {
  writeFileSync(file, made);
}
