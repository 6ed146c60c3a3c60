import { deliveryRecord } from "../../../lab/records/delivery-record";

const DELIVERED = {
  bucket: "logs",
  home: { accountId: "111111111111", region: "eu-west-1", arn: "arn:aws:s3:::logs" },
  key: "AWSLogs/222222222222/CloudTrail/us-east-1/2030/01/01/file.json.gz",
  size: 1234,
  time: Date.parse("2030-01-01T12:34:56.999Z"),
};

test("a delivery is a data event by CloudTrail, for the bucket's owner", () => {
  let id = 0;
  expect(deliveryRecord(DELIVERED, () => `id-${++id}`)).toEqual({
    eventVersion: "1.11",
    userIdentity: { type: "AWSService", invokedBy: "cloudtrail.amazonaws.com" },
    eventTime: "2030-01-01T12:34:56Z",
    eventSource: "s3.amazonaws.com",
    eventName: "PutObject",
    awsRegion: "eu-west-1",
    sourceIPAddress: "cloudtrail.amazonaws.com",
    userAgent: "cloudtrail.amazonaws.com",
    requestParameters: {
      bucketName: "logs",
      Host: "logs.s3.eu-west-1.amazonaws.com",
      key: DELIVERED.key,
      "x-amz-acl": "bucket-owner-full-control",
      "x-amz-server-side-encryption": "AES256",
    },
    responseElements: { "x-amz-server-side-encryption": "AES256" },
    additionalEventData: {
      SignatureVersion: "SigV4",
      bytesTransferredIn: 1234,
      AuthenticationMethod: "AuthHeader",
      bytesTransferredOut: 0,
    },
    requestID: "id-1",
    eventID: "id-2",
    readOnly: false,
    resources: [
      { type: "AWS::S3::Object", ARN: `arn:aws:s3:::logs/${DELIVERED.key}` },
      { accountId: "111111111111", type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::logs" },
    ],
    eventType: "AwsApiCall",
    managementEvent: false,
    recipientAccountId: "111111111111",
    sharedEventID: "id-3",
    eventCategory: "Data",
  });
});

test("it says which key encrypts it", () => {
  const kmsKeyArn = "arn:aws:kms:eu-west-1:111111111111:key/k";
  const encryption = {
    "x-amz-server-side-encryption": "aws:kms",
    "x-amz-server-side-encryption-aws-kms-key-id": kmsKeyArn,
  };
  const record = deliveryRecord({ ...DELIVERED, kmsKeyArn });
  expect(record.requestParameters).toMatchObject(encryption);
  expect(record.responseElements).toEqual(encryption);
});
