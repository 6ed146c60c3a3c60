import { describeEnds, seedOfRun } from "../faults/ends";

// `npm run test:faults` ends fifty, others in each run.
describeEnds({ state: "local", count: 4, seed: seedOfRun(11) });
