/**
 * Tags that the keys carry from the call that makes them: AWS gives keys no names, and a deploy
 * that was ended in between leaves one that is in no state. A log key's value is its alias without
 * `alias/`, a topic key's the topic's name.
 */
export const KEY_TAGS = {
  logKey: "central-trail:log-key",
  topicKey: "central-trail:topic-key",
} as const;
