/**
 * `npm run addresses`: writes the files that addresses.test.ts holds the reference environments to.
 */
import { writeFileSync } from "node:fs";
import { addresses, addressFile, REFERENCES } from "./references";

for (const name of REFERENCES) writeFileSync(addressFile(name), `${addresses(name).join("\n")}\n`);
