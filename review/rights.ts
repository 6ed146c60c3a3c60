/** What somebody may do, by a short name. */
export type RightId =
  | "look-at-bucket"
  | "deliver"
  | "deliver-digests"
  | "deliver-elsewhere"
  | "deliver-without-ownership"
  | "deliver-otherwise-encrypted"
  | "encrypt"
  | "use-bucket-key"
  | "encrypt-messages"
  | "look-at-key"
  | "publish"
  | "send"
  | "use-key"
  | "read"
  | "decrypt"
  | "read-over-http"
  | "publish-over-http"
  | "send-over-http"
  | "forge"
  | "delete"
  | "change-policy"
  | "subscribe"
  | "receive";

/** What the right to each request is, in words that follow "may". */
export const RIGHT_WORDS: Readonly<Record<RightId, string>> = {
  "look-at-bucket": "look at the bucket's ACL",
  deliver: "write into its account's folder",
  "deliver-digests": "write digest files into its account's folder",
  "deliver-elsewhere": "write into another account's folder",
  "deliver-without-ownership": "write files that the bucket's owner has no full control of",
  "deliver-otherwise-encrypted": "write files encrypted with another key",
  encrypt: "encrypt with the key",
  "use-bucket-key": "use the key by way of an S3 Bucket Key",
  "encrypt-messages": "encrypt messages to the topic",
  "look-at-key": "look at the key",
  publish: "publish to the topic",
  send: "send to the queue",
  "use-key": "use the key",
  read: "read log files",
  decrypt: "decrypt log files",
  "read-over-http": "read log files over plain HTTP",
  "publish-over-http": "publish over plain HTTP",
  "send-over-http": "send over plain HTTP",
  forge: "write files of its own",
  delete: "delete log files, or make them unreadable",
  "change-policy": "change the policy or the settings that keep logs safe",
  subscribe: "get the topic's messages",
  receive: "get the queue's messages",
};
