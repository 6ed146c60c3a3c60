import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { reportTrails } from "../../verify/trail-report";
import { Deployment, type EnvironmentFile, fourAccountsFile, states } from "../support/deployment";
import { requires } from "../support/requirements";

const BUCKET = "central-trail-test-state";
const DESTINATION = "111111111111";

requires("terraform", "moto")("state in S3, and the endpoint in the environment file", () => {
  jest.setTimeout(300_000);
  let deployment: Deployment;
  let file: EnvironmentFile;

  beforeAll(async () => {
    file = fourAccountsFile();
    file.members = file.members.slice(0, 1);
    file.destination.encryption = { type: "sse-s3" };
    file.state = {
      backend: "s3",
      bucket: BUCKET,
      region: "us-east-1",
      roleArn: `arn:aws:iam::${DESTINATION}:role/central-trail-state`,
    };
    deployment = await Deployment.start(file);
    file.endpoint = deployment.env.AWS_ENDPOINT_URL;
    deployment.write(file);
    await deployment.s3(DESTINATION).send(new CreateBucketCommand({ Bucket: BUCKET }));
  });
  afterAll(() => deployment?.stop());

  test("each stack has its own key, locked by S3's lock file, and members read the destination's", async () => {
    delete deployment.env.AWS_ENDPOINT_URL;
    const before = deployment.calls.length;
    expect(states(await deployment.run("deploy"))).toEqual({
      "test-destination": "done",
      "test-member-222222222222": "done",
    });
    const s3 = deployment.s3(DESTINATION);
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    expect(Contents.map(({ Key }) => Key)).toEqual([
      "central-trail/test-destination.tfstate",
      "central-trail/test-member-222222222222.tfstate",
    ]);
    const state = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: Contents[0]!.Key }));
    expect(await state.Body!.transformToString()).toContain("s3_bucket_name");

    const stateCalls = deployment
      .since(before)
      .filter(({ principalArn }) => principalArn.includes("assumed-role/central-trail-state/"));
    const locks = stateCalls.filter(({ request }) => String(request["key"]).endsWith(".tflock"));
    expect(locks.map(({ action }) => action)).toContain("PutObject");
    expect(locks.map(({ action }) => action)).toContain("DeleteObject");

    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = deployment.env;
    const reports = await reportTrails(deployment.environment, {
      endpoint: file.endpoint,
      credentials: {
        accessKeyId: AWS_ACCESS_KEY_ID!,
        secretAccessKey: AWS_SECRET_ACCESS_KEY!,
      },
    });
    expect(reports.map(({ isLogging, problems }) => [isLogging, problems])).toEqual([
      [true, []],
      [true, []],
    ]);
  });
});
