import { describeEnds, endsOfRun, seedOfRun } from "./ends";

describeEnds({ state: "local", count: endsOfRun(25), seed: seedOfRun() });
