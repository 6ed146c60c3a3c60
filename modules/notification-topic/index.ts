/** The topic that CloudTrail tells of each log file. */
export { NotificationTopic, type NotificationTopicProps } from "./notification-topic";
