import { requires } from "../../support/requirements";
import { type Account, type Lab, makeBucket, startLab } from "../../support/lab";

requires("moto", "boto3")("event and insight selectors, set by boto3", () => {
  let lab: Lab;
  let owner: Account;
  beforeAll(async () => {
    lab = await startLab();
    owner = await lab.account();
    const bucket = lab.name("logs");
    await makeBucket(owner, bucket, [owner.trailArn("main")]);
    await owner.cloudTrail("create_trail", { Name: "main", S3BucketName: bucket });
  });
  afterAll(() => lab.stop());

  const put = (selectors: object) =>
    owner.cloudTrail("put_event_selectors", { TrailName: "main", ...selectors });
  const get = () => owner.cloudTrail("get_event_selectors", { TrailName: "main" });

  const everything = {
    ReadWriteType: "All",
    IncludeManagementEvents: true,
    DataResources: [],
    ExcludeManagementEventSources: [],
  };

  test("a new trail records all management events", async () => {
    expect(await get()).toEqual({
      TrailARN: owner.trailArn("main"),
      EventSelectors: [everything],
    });
  });

  test("basic selectors come back as set, with the defaults filled in", async () => {
    const data = { Type: "AWS::S3::Object", Values: ["arn:aws:s3:::bucket/", "arn:aws:s3"] };
    const EventSelectors = [
      { ReadWriteType: "WriteOnly", ExcludeManagementEventSources: ["kms.amazonaws.com"] },
      { IncludeManagementEvents: false, DataResources: [data] },
    ];
    const expected = {
      TrailARN: owner.trailArn("main"),
      EventSelectors: EventSelectors.map((selector) => ({ ...everything, ...selector })),
    };
    expect(await put({ EventSelectors })).toEqual(expected);
    expect(await get()).toEqual(expected);
    const { Trail } = await owner.cloudTrail("get_trail", { Name: "main" });
    expect(Trail).toMatchObject({ HasCustomEventSelectors: true });
  });

  test("advanced selectors come back as set, in place of the basic ones", async () => {
    const AdvancedEventSelectors = [
      {
        Name: "all management",
        FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }],
      },
      {
        FieldSelectors: [
          { Field: "eventCategory", Equals: ["Data"] },
          { Field: "resources.type", Equals: ["AWS::S3::Object"] },
          { Field: "resources.ARN", NotStartsWith: ["arn:aws:s3:::logs/"] },
        ],
      },
    ];
    await put({ AdvancedEventSelectors });
    expect(await get()).toEqual({ TrailARN: owner.trailArn("main"), AdvancedEventSelectors });
  });

  const s3 = (count: number, from = 0) => ({
    Type: "AWS::S3::Object",
    Values: Array.from({ length: count }, (_, index) => `arn:aws:s3:::bucket-${from + index}/`),
  });
  const data = (...DataResources: object[]) => ({ DataResources });
  const fields = (...FieldSelectors: object[]) => ({
    AdvancedEventSelectors: [{ FieldSelectors }],
  });
  const management = { Field: "eventCategory", Equals: ["Management"] };
  const dataEvents = { Field: "eventCategory", Equals: ["Data"] };
  const objects = { Field: "resources.type", Equals: ["AWS::S3::Object"] };
  const arns = (count: number) =>
    Array.from({ length: count }, (_, index) => `arn:aws:s3:::bucket-${index}/`);

  const allowed: Record<string, object> = {
    "5 selectors": { EventSelectors: Array(5).fill({}) },
    "250 data resources, with all of a type not counted": {
      EventSelectors: [
        data(s3(200), { Type: "AWS::Lambda::Function", Values: ["arn:aws:lambda"] }),
        data(s3(50, 200)),
      ],
    },
    "500 values": fields(dataEvents, objects, { Field: "resources.ARN", StartsWith: arns(498) }),
    "network activity": fields(
      { Field: "eventCategory", Equals: ["NetworkActivity"] },
      { Field: "eventSource", Equals: ["kms.amazonaws.com"] },
    ),
  };
  test.each(Object.entries(allowed))("%s are allowed", async (_, selectors) => {
    await expect(put(selectors)).resolves.toHaveProperty("TrailARN");
  });

  const refused: Record<string, object> = {
    "no selector": { EventSelectors: [] },
    "6 selectors": { EventSelectors: Array(6).fill({}) },
    "251 data resources": { EventSelectors: [data(s3(200)), data(s3(51, 200))] },
    "501 values": fields(dataEvents, objects, { Field: "resources.ARN", StartsWith: arns(499) }),
    "both kinds": { EventSelectors: [{}], ...fields(management) },
    "an unknown ReadWriteType": { EventSelectors: [{ ReadWriteType: "read-only" }] },
    "an unknown resource type": {
      EventSelectors: [data({ Type: "AWS::EC2::Instance", Values: ["arn:aws:ec2"] })],
    },
    "a wildcard for a bucket": {
      EventSelectors: [data({ Type: "AWS::S3::Object", Values: ["arn:aws:s3:::*"] })],
    },
    "a source that cannot be excluded": {
      EventSelectors: [{ ExcludeManagementEventSources: ["s3.amazonaws.com"] }],
    },
    "a selector that selects nothing": { EventSelectors: [{ IncludeManagementEvents: false }] },
    "an exclusion without management events": {
      EventSelectors: [
        {
          IncludeManagementEvents: false,
          ExcludeManagementEventSources: ["kms.amazonaws.com"],
          DataResources: [s3(1)],
        },
      ],
    },
    "no category": fields({ Field: "readOnly", Equals: ["true"] }),
    "an unknown category": fields({ Field: "eventCategory", Equals: ["Insight"] }),
    "a field of another category": fields(management, objects),
    "data events of no type": fields(dataEvents),
    "an operator that the field does not take": fields(management, {
      Field: "readOnly",
      NotEquals: ["true"],
    }),
    "a field twice": fields(management, management),
    "a field without operator": fields(management, { Field: "eventSource" }),
  };
  test.each(Object.entries(refused))("%s is refused", async (_, selectors) => {
    const before = await get();
    await expect(put(selectors)).rejects.toMatchObject({
      code: "InvalidEventSelectorsException",
      status: 400,
    });
    expect(await get()).toEqual(before);
  });

  test("insights: off, on, off again", async () => {
    const off = {
      code: "InsightNotEnabledException",
      message: expect.stringContaining("main does not have Insights enabled") as unknown,
    };
    const read = () => owner.cloudTrail("get_insight_selectors", { TrailName: "main" });
    const write = (InsightSelectors: object[]) =>
      owner.cloudTrail("put_insight_selectors", { TrailName: "main", InsightSelectors });
    await expect(read()).rejects.toMatchObject(off);
    await write([{ InsightType: "ApiCallRateInsight" }]);
    expect(await read()).toEqual({
      TrailARN: owner.trailArn("main"),
      InsightSelectors: [{ InsightType: "ApiCallRateInsight" }],
    });
    await expect(write([{ InsightType: "Other" }])).rejects.toMatchObject({
      code: "InvalidInsightSelectorsException",
    });
    await write([]);
    await expect(read()).rejects.toMatchObject(off);
  });
});
