// It would stand in the midst of jest's own lines; package.json says which Node versions will do.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const full = process.env.npm_lifecycle_event === "test:full";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // `npm test` leaves out test/full, which takes longer; `npm run test:full` is that alone.
  roots: ["<rootDir>/test"],
  testMatch: [full ? "<rootDir>/test/full/**/*.test.ts" : "<rootDir>/test/!(full)/**/*.test.ts"],
  transform: {
    "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2022", parser: { syntax: "typescript" } } }],
  },
  // Sized for two cores: a deployment runs two AWS providers at once, 0.6 GB each.
  maxWorkers: 2,
};
