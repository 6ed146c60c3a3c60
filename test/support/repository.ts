import { resolve } from "node:path";

/** The folder of the repository. */
export const REPOSITORY = resolve(__dirname, "..", "..");
