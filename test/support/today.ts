/** The day on which tests review plans. */
export const TODAY = "2026-06-15";
