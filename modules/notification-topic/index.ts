/**
 * The topic that CloudTrail notifies of each log file.
 *
 * @packageDocumentation
 */
export { NotificationTopic, type NotificationTopicProps } from "./notification-topic";
export type { ModuleOptions } from "../module-options";
