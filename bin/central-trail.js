#!/usr/bin/env node
const { existsSync } = require("node:fs");
const { join } = require("node:path");

try {
  process.cwd();
} catch {
  // Modules ask for it as they are loaded.
  process.stderr.write(
    "error: The folder that this runs in does not exist any more: change to another one.\n",
  );
  process.exit(1);
}

// The repository runs its sources, so that nothing stale is run; the npm package holds what was
// compiled.
const source = join(__dirname, "..", "operations", "repository-cli.ts");
if (existsSync(source)) {
  require("tsx/cjs");
  require(source);
} else {
  require("../dist/operations/package-cli.js");
}
