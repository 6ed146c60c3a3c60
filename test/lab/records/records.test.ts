import type { CloudTrailRecord } from "../../../cloudtrail/records/record";
import type { AssumableRole } from "../../../lab/access/assumable-roles";
import { type Account, EXTERNAL_ID, type Lab, makeBucket, startLab } from "../../support/lab";
import type { AwsCredentials } from "../../support/boto3";
import { fetchSigned } from "../../support/signed-request";
import { requires } from "../../support/requirements";

/**
 * The expectations are written by hand after AWS's sample records.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/understanding-kms-entries.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
 */
const SOMEBODY = "arn:aws:iam::400000000001:role/path/somebody";
const ROLES: readonly AssumableRole[] = [{ roleArn: SOMEBODY, externalId: EXTERNAL_ID }];

const text = (pattern: RegExp) => expect.stringMatching(pattern) as unknown;
const GUID = text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const ID = text(/^[\w-]{16,}$/);

requires("moto", "boto3")("records of calls", () => {
  let lab: Lab;
  let account: Account;
  let host: string;
  let time: number;
  let records: CloudTrailRecord[] = [];

  beforeAll(async () => {
    lab = await startLab({
      roles: ROLES,
      now: () => time,
      onRecord: (record) => records.push(record),
    });
    host = new URL(lab.aws.endpoint).host;
  });
  afterAll(() => lab.stop());
  beforeEach(async () => {
    time = Date.parse("2030-01-01T12:00:00.250Z");
    account = await lab.account();
    time = Date.parse("2030-01-01T12:34:56.999Z");
    records = [];
  });

  /** The records of what is done, as JSON has them. */
  async function recordsOf(work: () => Promise<unknown>): Promise<CloudTrailRecord[]> {
    const before = records.length;
    await work();
    return JSON.parse(JSON.stringify(records.slice(before))) as CloudTrailRecord[];
  }
  const only = async (work: () => Promise<unknown>) => {
    const [record, ...others] = await recordsOf(work);
    expect(others).toEqual([]);
    return record!;
  };
  const failing = (work: () => Promise<unknown>) => only(() => expect(work()).rejects.toThrow());

  const identity = () => ({
    type: "AssumedRole",
    principalId: text(/^AROA[A-Z2-7]{17}:test$/),
    arn: `arn:aws:sts::${account.id}:assumed-role/deployer/test`,
    accountId: account.id,
    accessKeyId: account.credentials.accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: text(/^AROA[A-Z2-7]{17}$/),
        arn: `arn:aws:iam::${account.id}:role/deployer`,
        accountId: account.id,
        userName: "deployer",
      },
      attributes: { creationDate: "2030-01-01T12:00:00Z", mfaAuthenticated: "false" },
    },
  });
  const common = () => ({
    eventVersion: "1.11",
    userIdentity: identity(),
    eventTime: "2030-01-01T12:34:56Z",
    awsRegion: "us-east-1",
    sourceIPAddress: "127.0.0.1",
    userAgent: text(/^Boto3\/.*[^\]]$/),
    requestID: ID,
    eventID: GUID,
    eventType: "AwsApiCall",
    recipientAccountId: account.id,
    tlsDetails: { clientProvidedHostHeader: host },
  });
  const management = (source: string, eventName: string) => ({
    ...common(),
    eventSource: `${source}.amazonaws.com`,
    eventName,
    managementEvent: true,
    eventCategory: "Management",
  });
  const s3 = (eventName: string, bytes: { in: number; out: number }) => ({
    ...common(),
    userAgent: text(/^\[Boto3\/.*\]$/),
    eventSource: "s3.amazonaws.com",
    eventName,
    additionalEventData: {
      SignatureVersion: "SigV4",
      bytesTransferredIn: bytes.in,
      AuthenticationMethod: "AuthHeader",
      "x-amz-id-2": text(/^[A-Za-z0-9+/]{70,}=*$/),
      bytesTransferredOut: bytes.out,
    },
  });
  const s3Data = (eventName: string, bytes: { in: number; out: number }) => ({
    ...s3(eventName, bytes),
    managementEvent: false,
    eventCategory: "Data",
  });
  const s3Management = (eventName: string, bytes: { in: number; out: number }) => ({
    ...s3(eventName, bytes),
    managementEvent: true,
    eventCategory: "Management",
  });
  const bucketResource = (bucket: string) => ({
    accountId: account.id,
    type: "AWS::S3::Bucket",
    ARN: `arn:aws:s3:::${bucket}`,
  });

  describe("of S3", () => {
    let Bucket: string;
    const call = (operation: string, parameters: object = {}) =>
      account.call("s3", operation, { Bucket, ...parameters });
    beforeEach(async () => {
      Bucket = lab.name("records");
      await makeBucket(account, Bucket);
    });

    test("a bucket's policy, with the document", async () => {
      const Policy = {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Deny",
            Principal: "*",
            Action: "s3:DeleteBucket",
            Resource: `arn:aws:s3:::${Bucket}`,
          },
        ],
      };
      const body = JSON.stringify(Policy);
      expect(await only(() => call("put_bucket_policy", { Policy: body }))).toEqual({
        ...s3Management("PutBucketPolicy", { in: body.length, out: 0 }),
        requestParameters: { bucketName: Bucket, bucketPolicy: Policy, Host: host, policy: "" },
        responseElements: null,
        readOnly: false,
        resources: [bucketResource(Bucket)],
      });
    });

    test("a sub-resource that is read, under CloudTrail's name for it", async () => {
      const work = () => expect(call("get_public_access_block")).rejects.toThrow();
      expect(await only(work)).toEqual({
        ...s3Management("GetBucketPublicAccessBlock", { in: 0, out: expect.any(Number) as never }),
        errorCode: "NoSuchPublicAccessBlockConfiguration",
        errorMessage: "The public access block configuration was not found",
        requestParameters: { bucketName: Bucket, Host: host, publicAccessBlock: "" },
        responseElements: null,
        readOnly: true,
        resources: [bucketResource(Bucket)],
      });
    });

    test("buckets that come and go, with their owner and region", async () => {
      const other = lab.name("records");
      const west = account.in("eu-west-1");
      const [created, deleted] = await recordsOf(async () => {
        await west.call("s3", "create_bucket", {
          Bucket: other,
          CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
        });
        await account.call("s3", "delete_bucket", { Bucket: other });
      });
      for (const record of [created, deleted])
        expect(record).toMatchObject({
          awsRegion: "eu-west-1",
          readOnly: false,
          resources: [bucketResource(other)],
        });
      expect([created!.eventName, deleted!.eventName]).toEqual(["CreateBucket", "DeleteBucket"]);
    });

    test("a name that another account has does not say which", async () => {
      const other = await lab.account();
      const record = await failing(() => other.call("s3", "create_bucket", { Bucket }));
      expect(record).toMatchObject({
        eventName: "CreateBucket",
        errorCode: "BucketAlreadyExists",
        recipientAccountId: other.id,
        resources: [{ type: "AWS::S3::Bucket", ARN: `arn:aws:s3:::${Bucket}` }],
      });
      expect(JSON.stringify(record)).not.toContain(account.id);
    });

    test("an object written, with what the headers ask for", async () => {
      const work = () =>
        call("put_object", { Key: "a/ü", Body: "text", ServerSideEncryption: "AES256" });
      expect(await only(work)).toEqual({
        ...s3Data("PutObject", { in: 4, out: 0 }),
        requestParameters: {
          bucketName: Bucket,
          key: "a/ü",
          Host: host,
          "x-amz-server-side-encryption": "AES256",
        },
        responseElements: { "x-amz-server-side-encryption": "AES256" },
        readOnly: false,
        resources: [
          { type: "AWS::S3::Object", ARN: `arn:aws:s3:::${Bucket}/a/ü` },
          bucketResource(Bucket),
        ],
      });
    });

    test("an object read", async () => {
      await call("put_object", { Key: "k", Body: "twelve bytes" });
      expect(await only(() => call("get_object", { Key: "k" }))).toEqual({
        ...s3Data("GetObject", { in: 0, out: 12 }),
        requestParameters: { bucketName: Bucket, key: "k", Host: host },
        responseElements: null,
        readOnly: true,
        resources: [
          { type: "AWS::S3::Object", ARN: `arn:aws:s3:::${Bucket}/k` },
          bucketResource(Bucket),
        ],
      });
    });

    test("a list: a data event of all the bucket's objects, whatever the prefix", async () => {
      const work = () => call("list_objects_v2", { Prefix: "a/", Delimiter: "/" });
      expect(await only(work)).toEqual({
        ...s3Data("ListObjects", { in: 0, out: expect.any(Number) as never }),
        requestParameters: {
          "list-type": "2",
          bucketName: Bucket,
          "encoding-type": "url",
          prefix: "a/",
          delimiter: "/",
          Host: host,
        },
        responseElements: null,
        readOnly: true,
        resources: [
          { type: "AWS::S3::Object", ARNPrefix: `arn:aws:s3:::${Bucket}/` },
          bucketResource(Bucket),
        ],
      });
    });

    test("all buckets: no resource", async () => {
      const record = await only(() => account.call("s3", "list_buckets"));
      expect(record).toEqual({
        ...s3Management("ListBuckets", { in: 0, out: expect.any(Number) as never }),
        requestParameters: { Host: host },
        responseElements: null,
        readOnly: true,
      });
    });

    test("DeleteObjects: an event for the call, and one for each object that is gone", async () => {
      for (const Key of ["go/1", "go/2", "keep/3"]) await call("put_object", { Key, Body: "" });
      const Policy = JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:DeleteObject",
          Resource: `arn:aws:s3:::${Bucket}/keep/*`,
        },
      });
      await call("put_bucket_policy", { Policy });
      const Objects = [{ Key: "go/1" }, { Key: "keep/3" }, { Key: "go/2" }];
      const [whole, ...each] = await recordsOf(() =>
        call("delete_objects", { Delete: { Objects } }),
      );
      expect(whole).toMatchObject({
        eventName: "DeleteObjects",
        eventType: "AwsApiCall",
        requestParameters: { bucketName: Bucket, delete: "", Host: host },
        errorCode: "AccessDenied",
        resources: [
          { type: "AWS::S3::Object", ARNPrefix: `arn:aws:s3:::${Bucket}/` },
          bucketResource(Bucket),
        ],
      });
      expect(each.map(({ resources }) => resources?.[0])).toEqual([
        { type: "AWS::S3::Object", ARN: `arn:aws:s3:::${Bucket}/go/1` },
        { type: "AWS::S3::Object", ARN: `arn:aws:s3:::${Bucket}/go/2` },
      ]);
      for (const record of each)
        expect(record).toMatchObject({
          eventName: "DeleteObject",
          eventType: "AwsServiceEvent",
          eventCategory: "Data",
          readOnly: false,
          requestParameters: null,
        });
      for (const record of each) expect(record).not.toHaveProperty("errorCode");
      expect(new Set([whole, ...each].map((record) => record?.eventID)).size).toBe(3);
    });

    test("the errors that AWS names, of HEAD too, which says none", async () => {
      const get = await failing(() => call("get_object", { Key: "none" }));
      expect(get).toMatchObject({
        errorCode: "NoSuchKey",
        errorMessage: "The specified key does not exist.",
        responseElements: null,
      });
      const head = await failing(() => call("head_object", { Key: "none" }));
      expect(head).toMatchObject({ eventName: "HeadObject", errorCode: "NoSuchKey" });
      Bucket = "no-such-bucket";
      expect(await failing(() => call("head_bucket"))).toMatchObject({
        eventName: "HeadBucket",
        eventCategory: "Data",
        errorCode: "NoSuchBucket",
        resources: [
          { type: "AWS::S3::Object", ARNPrefix: "arn:aws:s3:::no-such-bucket/" },
          { type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::no-such-bucket" },
        ],
      });
    });

    test("a bucket that is not there has no owner: the key is missing, not empty", async () => {
      const record = await failing(() =>
        account.call("s3", "get_object", { Bucket: "no-such-bucket", Key: "k" }),
      );
      expect(record.errorCode).toBe("NoSuchBucket");
      for (const resource of record.resources!) expect(resource).not.toHaveProperty("accountId");
    });

    test("a presigned URL without what it is signed with", async () => {
      await call("put_object", { Key: "k", Body: "text" });
      const url = (await account.call("s3", "generate_presigned_url", {
        ClientMethod: "get_object",
        Params: { Bucket, Key: "k" },
      })) as unknown as string;
      const record = await only(() => fetch(url).then((response) => response.text()));
      expect(record.additionalEventData).toMatchObject({ AuthenticationMethod: "QueryString" });
      expect(Object.keys(record.requestParameters!).sort()).toEqual([
        "Host",
        "X-Amz-Algorithm",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "bucketName",
        "key",
      ]);
    });

    test("a customer's own encryption key is kept out", async () => {
      const SSECustomerKey = "0123456789abcdef0123456789abcdef";
      const record = await only(() =>
        call("put_object", { Key: "k", Body: "", SSECustomerAlgorithm: "AES256", SSECustomerKey }),
      );
      expect(record.requestParameters).toMatchObject({
        "x-amz-server-side-encryption-customer-algorithm": "AES256",
      });
      expect(JSON.stringify(record)).not.toContain(SSECustomerKey);
      expect(JSON.stringify(record)).not.toContain(Buffer.from(SSECustomerKey).toString("base64"));
    });
  });

  describe("of AssumeRole", () => {
    const assume = (who: Account, RoleArn: string) =>
      who.call("sts", "assume_role", {
        RoleArn,
        RoleSessionName: "JohnDoe",
        ExternalId: EXTERNAL_ID,
        DurationSeconds: 900,
      });
    const operator = () => ({
      type: "IAMUser",
      principalId: text(/^AIDA[A-Z2-7]{17}$/),
      arn: "arn:aws:iam::999999999999:user/operator",
      accountId: "999999999999",
      accessKeyId: lab.operator.credentials.accessKeyId,
      userName: "operator",
    });

    test("the caller's copy and that of the role's account, without the secret", async () => {
      let secret = "";
      let accessKeyId = "";
      const [own, theirs, ...others] = await recordsOf(async () => {
        const { Credentials } = await assume(lab.operator, SOMEBODY);
        const credentials = Credentials as Record<string, string>;
        secret = credentials["SecretAccessKey"]!;
        accessKeyId = credentials["AccessKeyId"]!;
      });
      expect(others).toEqual([]);
      const both = {
        ...management("sts", "AssumeRole"),
        requestParameters: {
          roleArn: SOMEBODY,
          roleSessionName: "JohnDoe",
          externalId: EXTERNAL_ID,
          durationSeconds: 900,
        },
        responseElements: {
          credentials: {
            accessKeyId,
            sessionToken: text(/./),
            expiration: text(/^[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d:\d\d [AP]M$/),
          },
          assumedRoleUser: {
            assumedRoleId: text(/^AROA[A-Z2-7]{17}:JohnDoe$/),
            arn: "arn:aws:sts::400000000001:assumed-role/somebody/JohnDoe",
          },
        },
        readOnly: true,
        resources: [{ accountId: "400000000001", type: "AWS::IAM::Role", ARN: SOMEBODY }],
        sharedEventID: GUID,
      };
      expect(own).toEqual({
        ...both,
        userIdentity: operator(),
        recipientAccountId: "999999999999",
      });
      expect(theirs).toEqual({
        ...both,
        userIdentity: {
          type: "AWSAccount",
          principalId: own!.userIdentity!.principalId,
          accountId: "999999999999",
        },
        recipientAccountId: "400000000001",
      });
      expect(theirs!.sharedEventID).toBe(own!.sharedEventID);
      expect(theirs!.eventID).not.toBe(own!.eventID);
      expect(secret).not.toBe("");
      expect(JSON.stringify([own, theirs])).not.toContain(secret);
    });

    test("the session's own calls, by the role's ARN with its path", async () => {
      const [made] = await recordsOf(() => lab.assume(SOMEBODY));
      const { assumedRoleUser } = made!.responseElements as Record<string, Record<string, string>>;
      const somebody = await lab.assume(SOMEBODY);
      const record = await only(() => somebody.call("s3", "list_buckets"));
      expect(record.userIdentity).toMatchObject({
        principalId: assumedRoleUser!["assumedRoleId"],
        arn: "arn:aws:sts::400000000001:assumed-role/somebody/test",
        sessionContext: { sessionIssuer: { arn: SOMEBODY, userName: "somebody" } },
      });
    });

    test("refused: in the caller's account alone, and with no parameters", async () => {
      const RoleArn = "arn:aws:iam::400000000001:role/none";
      const record = await failing(() => assume(lab.operator, RoleArn));
      expect(record).toEqual({
        ...management("sts", "AssumeRole"),
        userIdentity: operator(),
        recipientAccountId: "999999999999",
        errorCode: "AccessDenied",
        errorMessage: `User: arn:aws:iam::999999999999:user/operator is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
        requestParameters: null,
        responseElements: null,
        readOnly: true,
      });
    });
  });

  describe("of KMS", () => {
    const makeKey = async (parameters: object = {}) => {
      const { KeyMetadata } = await account.call("kms", "create_key", parameters);
      return KeyMetadata as { KeyId: string; Arn: string };
    };
    const keyResource = (ARN: string) => ({ accountId: account.id, type: "AWS::KMS::Key", ARN });

    test("a new key, with what AWS answers", async () => {
      let key = { KeyId: "", Arn: "" };
      const record = await only(async () => (key = await makeKey({ Description: "logs" })));
      expect(record).toEqual({
        ...management("kms", "CreateKey"),
        requestParameters: { description: "logs" },
        responseElements: { keyMetadata: expect.any(Object) as unknown },
        readOnly: false,
        resources: [keyResource(key.Arn)],
      });
      expect(record.responseElements!["keyMetadata"]).toMatchObject({
        aWSAccountId: account.id,
        keyId: key.KeyId,
        arn: key.Arn,
        creationDate: text(/^[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d:\d\d [AP]M$/),
        enabled: true,
        encryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
      });
    });

    test("an alias: nothing to answer", async () => {
      const { KeyId, Arn } = await makeKey();
      const AliasName = `alias/${lab.name("records")}`;
      const work = () => account.call("kms", "create_alias", { AliasName, TargetKeyId: KeyId });
      expect(await only(work)).toEqual({
        ...management("kms", "CreateAlias"),
        requestParameters: { aliasName: AliasName, targetKeyId: KeyId },
        responseElements: null,
        readOnly: false,
        resources: [keyResource(Arn)],
      });
    });

    test("encryption without what is encrypted; keys of its context stay as they are", async () => {
      const { KeyId, Arn } = await makeKey();
      const EncryptionContext = { Department: "Engineering", "aws:s3:arn": "arn:aws:s3:::b" };
      const [generated, decrypted] = await recordsOf(async () => {
        const { CiphertextBlob } = await account.call("kms", "generate_data_key", {
          KeyId,
          KeySpec: "AES_256",
          EncryptionContext,
        });
        expect(CiphertextBlob).toMatch(/^[A-Za-z0-9+/]{40,}=*$/);
        const decrypt = { CiphertextBlob: "unreadable", EncryptionContext, KeyId };
        await expect(account.call("kms", "decrypt", decrypt)).rejects.toThrow();
      });
      expect(generated).toEqual({
        ...management("kms", "GenerateDataKey"),
        requestParameters: {
          keyId: KeyId,
          keySpec: "AES_256",
          encryptionContext: EncryptionContext,
        },
        responseElements: null,
        readOnly: true,
        resources: [keyResource(Arn)],
      });
      expect(decrypted).toMatchObject({
        requestParameters: {
          encryptionAlgorithm: "SYMMETRIC_DEFAULT",
          keyId: KeyId,
          encryptionContext: EncryptionContext,
        },
        responseElements: null,
        readOnly: true,
      });
      expect(decrypted!.requestParameters).not.toHaveProperty("ciphertextBlob");
    });

    test("another account's key: both accounts are reported, of a refusal the caller alone", async () => {
      const somebody = await lab.assume(SOMEBODY);
      const Policy = JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: `arn:aws:iam::${account.id}:root` },
            Action: "kms:*",
            Resource: "*",
          },
          {
            Effect: "Allow",
            Principal: { AWS: SOMEBODY },
            Action: "kms:DescribeKey",
            Resource: "*",
          },
        ],
      });
      const { Arn: KeyId } = await makeKey({ Policy });
      const [own, theirs, ...others] = await recordsOf(() =>
        somebody.call("kms", "describe_key", { KeyId }),
      );
      expect(others).toEqual([]);
      expect(own).toMatchObject({
        recipientAccountId: somebody.id,
        resources: [keyResource(KeyId)],
        requestParameters: { keyId: KeyId },
      });
      expect(theirs).toEqual({
        ...own,
        eventID: GUID,
        recipientAccountId: account.id,
        userIdentity: {
          type: "AWSAccount",
          principalId: own!.userIdentity!.principalId,
          accountId: somebody.id,
        },
      });
      expect(theirs!.eventID).not.toBe(own!.eventID);
      expect(own!.sharedEventID).toEqual(GUID);

      const refused = await failing(() =>
        somebody.call("kms", "get_key_rotation_status", { KeyId }),
      );
      expect(refused).toMatchObject({
        eventName: "GetKeyRotationStatus",
        recipientAccountId: somebody.id,
        errorCode: "AccessDenied",
        errorMessage: text(/ is not authorized to perform: kms:GetKeyRotationStatus on resource: /),
        requestParameters: null,
      });
      expect(refused).not.toHaveProperty("resources");
      expect(refused).not.toHaveProperty("sharedEventID");
    });
  });

  describe("of other services", () => {
    test("CloudTrail's own failures, as in its guide", async () => {
      const record = await failing(() => account.cloudTrail("update_trail", { Name: "myTrail2" }));
      expect(record).toEqual({
        ...management("cloudtrail", "UpdateTrail"),
        errorCode: "TrailNotFoundException",
        errorMessage: `Unknown trail: myTrail2 for the user: ${account.id}`,
        requestParameters: { name: "myTrail2" },
        responseElements: null,
        readOnly: false,
      });
    });

    test("a new trail, with the answer", async () => {
      const Bucket = lab.name("logs");
      await makeBucket(account, Bucket, [account.trailArn("main")]);
      const parameters = { Name: "main", S3BucketName: Bucket, EnableLogFileValidation: true };
      expect(await only(() => account.cloudTrail("create_trail", parameters))).toEqual({
        ...management("cloudtrail", "CreateTrail"),
        requestParameters: { name: "main", s3BucketName: Bucket, enableLogFileValidation: true },
        responseElements: {
          name: "main",
          s3BucketName: Bucket,
          trailARN: account.trailArn("main"),
          includeGlobalServiceEvents: true,
          isMultiRegionTrail: false,
          logFileValidationEnabled: true,
          isOrganizationTrail: false,
        },
        readOnly: false,
      });
    });

    test("lists and maps of the query protocol, put together again", async () => {
      const Name = lab.name("topic");
      const work = () =>
        account.call("sns", "create_topic", {
          Name,
          Attributes: { DisplayName: "a.b" },
          Tags: [
            { Key: "k", Value: "v" },
            { Key: "l", Value: "" },
          ],
        });
      expect(await only(work)).toEqual({
        ...management("sns", "CreateTopic"),
        requestParameters: {
          name: Name,
          attributes: { DisplayName: "a.b" },
          tags: [
            { key: "k", value: "v" },
            { key: "l", value: "" },
          ],
        },
        responseElements: null,
        readOnly: false,
      });
    });

    test("a message: a data event of the topic, and hidden", async () => {
      const { TopicArn } = await account.call("sns", "create_topic", { Name: lab.name("topic") });
      const message = { TopicArn: TopicArn as string, Message: "between us" };
      expect(await only(() => account.call("sns", "publish", message))).toMatchObject({
        eventName: "Publish",
        eventCategory: "Data",
        managementEvent: false,
        requestParameters: {
          topicArn: TopicArn as string,
          message: "HIDDEN_DUE_TO_SECURITY_REASONS",
        },
        resources: [{ accountId: account.id, type: "AWS::SNS::Topic", ARN: TopicArn as string }],
      });
    });

    test("nothing but the operation", async () => {
      expect(await only(() => account.call("sts", "get_caller_identity"))).toEqual({
        ...management("sts", "GetCallerIdentity"),
        requestParameters: null,
        responseElements: null,
        readOnly: true,
      });
    });
  });

  test("callers whom nobody knows, and requests that are no operation, leave none", async () => {
    const signed = (credentials: AwsCredentials) =>
      fetchSigned(lab.aws.endpoint, {
        credentials,
        service: "s3",
        method: "PATCH",
        target: "/bucket",
      });
    const stranger = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "unknown" };
    const seen = await recordsOf(async () => {
      expect((await fetch(`${lab.aws.endpoint}/bucket/key`)).status).toBe(403);
      expect((await signed(stranger)).status).toBe(403);
      expect((await signed(account.credentials)).status).toBe(501);
    });
    expect(seen).toEqual([]);
  });

  test("the caller has the same request IDs", async () => {
    const Bucket = lab.name("records");
    await makeBucket(account, Bucket);
    const url = (await account.call("s3", "generate_presigned_url", {
      ClientMethod: "get_object",
      Params: { Bucket, Key: "none" },
    })) as unknown as string;
    let answer: Response | undefined;
    const record = await only(async () => (answer = await fetch(url)));
    expect(answer!.headers.get("x-amz-request-id")).toBe(record.requestID);
    expect(answer!.headers.get("x-amz-id-2")).toBe(record.additionalEventData!["x-amz-id-2"]);
  });
});
