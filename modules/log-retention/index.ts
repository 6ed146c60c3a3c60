/** For how long log files are kept. */
export { LogRetention, type LogRetentionProps, type RetentionDays } from "./log-retention";
