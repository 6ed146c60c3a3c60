import { parseArn } from "../../cloudtrail/arn";
import { PublishCommand, SNSServiceException } from "@aws-sdk/client-sns";
import type { TrailIdentity } from "../../cloudtrail/trails/trail-identity";
import { ServiceError } from "../gateway/service-error";
import { checkTopic, type TrailSurroundings } from "./trail-checks";

/**
 * What CloudTrail publishes to a topic for one delivery.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/configure-sns-notifications-for-cloudtrail.html
 */
export interface DeliveryNotification {
  readonly s3Bucket: string;
  readonly s3ObjectKey: readonly string[];
}

/** SNS as CloudTrail meets it: the policies of topic and key in effect decide. */
export class DeliveryNotifier {
  constructor(private readonly surroundings: TrailSurroundings) {}

  /** @returns SNS's error code; undefined where the topic has it */
  async notify(
    identity: TrailIdentity,
    topicArn: string,
    notification: DeliveryNotification,
  ): Promise<string | undefined> {
    const { region, account } = parseArn(topicArn)!;
    try {
      await checkTopic(identity, topicArn, this.surroundings);
      await this.surroundings.clients
        .sns(account, region)
        .send(new PublishCommand({ TopicArn: topicArn, Message: JSON.stringify(notification) }));
      return undefined;
    } catch (error) {
      if (error instanceof ServiceError) return "AuthorizationError";
      return error instanceof SNSServiceException ? error.name : "InternalError";
    }
  }
}
