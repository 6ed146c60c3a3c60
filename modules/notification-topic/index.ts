/**
 * The topic that CloudTrail tells of each log file.
 *
 * @packageDocumentation
 */
export { NotificationTopic, type NotificationTopicProps } from "./notification-topic";
export type { ModuleOptions } from "../module-options";
