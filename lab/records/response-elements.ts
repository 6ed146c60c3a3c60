/** What records say of the answer. */
import { textOf } from "../gateway/xml";
import type { EventClass } from "./event-class";
import type { ObservedCall } from "./observed-call";
import { jsonMembers, recordedMembers, responseTime } from "./recorded-members";
import { roleId } from "./user-identity";

type Elements = Readonly<Record<string, unknown>> | null;

/** The headers of S3's answer to a write that records repeat. */
const S3_HEADERS = /^x-amz-(delete-marker|expiration|server-side-encryption(-.+)?|version-id)$/;

/**
 * Nothing for failures and reads. Of writes what the answer says, but for services that answer in
 * XML: their answers are not read, save that of AssumeRole.
 */
export function responseElements(call: ObservedCall, { readOnly, name }: EventClass): Elements {
  const { scope, request, answer } = call;
  if (answer.errorCode !== undefined) return null;
  if (scope.service === "sts" && name === "AssumeRole") return assumedRole(call);
  if (readOnly) return null;
  if (scope.service === "s3") {
    const told = Object.entries(answer.headers).filter(([header]) => S3_HEADERS.test(header));
    return told.length === 0 ? null : Object.fromEntries(told);
  }
  return request.protocol === "json" ? recordedMembers(jsonMembers(answer.body)) : null;
}

/** The session's credentials, without the one that is secret. */
function assumedRole({ request, answer }: ObservedCall): Elements {
  const body = answer.body ?? "";
  const roleArn = String(request.parameters["RoleArn"]);
  return {
    credentials: {
      accessKeyId: textOf(body, "AccessKeyId"),
      sessionToken: textOf(body, "SessionToken"),
      expiration: responseTime(Date.parse(textOf(body, "Expiration") ?? "")),
    },
    assumedRoleUser: {
      assumedRoleId: `${roleId(roleArn)}:${String(request.parameters["RoleSessionName"])}`,
      arn: textOf(body, "Arn"),
    },
  };
}
