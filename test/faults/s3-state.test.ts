import { describeEnds, endsOfRun, seedOfRun } from "./ends";

describeEnds({ state: "s3", count: endsOfRun(25), seed: seedOfRun() });
