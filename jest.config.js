// It would stand in the midst of jest's own lines; package.json says which Node versions will do.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/**
 * Folders of test/ that `npm test` leaves out, since they take longer; each is a script of its own.
 */
const SLOW = ["full", "faults"];
const slow = SLOW.find((folder) => process.env.npm_lifecycle_event === `test:${folder}`);

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/test"],
  testMatch: [`<rootDir>/test/${slow ?? `!(${SLOW.join("|")})`}/**/*.test.ts`],
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
  },
  // Sized for two cores: a deployment runs two AWS providers at once, 0.6 GB each.
  maxWorkers: 2,
};
