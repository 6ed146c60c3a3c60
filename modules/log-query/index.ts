/** The logs as a table for Athena. */
export { LogQuery, type LogQueryProps } from "./log-query";
