#!/usr/bin/env node
require("tsx/cjs");
require("../operations/cli.ts");
