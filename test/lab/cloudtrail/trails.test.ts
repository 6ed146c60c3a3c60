import { fetchSigned } from "../../support/signed-request";
import { requires } from "../../support/requirements";
import { type Account, type Lab, makeBucket, startLab } from "../../support/lab";

requires("moto", "boto3")("trails, looked at and changed by boto3", () => {
  let lab: Lab;
  let owner: Account;
  let elsewhere: Account;
  let bucket: string;
  beforeAll(async () => {
    lab = await startLab();
  });
  beforeEach(async () => {
    owner = await lab.account();
    elsewhere = owner.in("eu-west-1");
    bucket = lab.name("logs");
    const arns = [owner.trailArn("global"), owner.trailArn("local")];
    await makeBucket(owner, bucket, arns);
    await create("global", true);
    await create("local", false);
  });
  afterAll(() => lab.stop());

  const create = (Name: string, IsMultiRegionTrail: boolean) =>
    owner.cloudTrail("create_trail", { Name, S3BucketName: bucket, IsMultiRegionTrail });
  const names = async (account: Account, parameters: object = {}) =>
    ((await account.cloudTrail("describe_trails", parameters))["trailList"] as { Name: string }[])
      .map(({ Name }) => Name)
      .sort();

  test("DescribeTrails shows multi-region trails in every region, as shadows", async () => {
    expect(await names(owner)).toEqual(["global", "local"]);
    expect(await names(elsewhere)).toEqual(["global"]);
    expect(await names(elsewhere, { includeShadowTrails: false })).toEqual([]);
    const { trailList } = await elsewhere.cloudTrail("describe_trails");
    expect(trailList).toMatchObject([
      { TrailARN: owner.trailArn("global"), HomeRegion: "us-east-1" },
    ]);
  });

  test("DescribeTrails finds by name in the region and by ARN from any; nothing is not an error", async () => {
    expect(await names(elsewhere, { trailNameList: ["local"] })).toEqual([]);
    expect(await names(elsewhere, { trailNameList: [owner.trailArn("local")] })).toEqual(["local"]);
    expect(await names(owner, { trailNameList: ["local", "nobody"] })).toEqual(["local"]);
  });

  test("ListTrails lists those of all regions", async () => {
    const { Trails } = await elsewhere.cloudTrail("list_trails");
    expect(Trails).toEqual(
      ["global", "local"].map((Name) => ({
        Name,
        TrailARN: owner.trailArn(Name),
        HomeRegion: "us-east-1",
      })),
    );
  });

  test("GetTrail answers the whole trail", async () => {
    const { Trail } = await elsewhere.cloudTrail("get_trail", { Name: owner.trailArn("global") });
    expect(Trail).toEqual({
      Name: "global",
      TrailARN: owner.trailArn("global"),
      S3BucketName: bucket,
      HomeRegion: "us-east-1",
      IncludeGlobalServiceEvents: true,
      IsMultiRegionTrail: true,
      LogFileValidationEnabled: false,
      HasCustomEventSelectors: false,
      HasInsightSelectors: false,
      IsOrganizationTrail: false,
    });
  });

  test("a trail logs from StartLogging to StopLogging", async () => {
    const status = () => owner.cloudTrail("get_trail_status", { Name: "global" });
    expect(await status()).toMatchObject({ IsLogging: false, TimeLoggingStarted: "" });
    await owner.cloudTrail("start_logging", { Name: owner.trailArn("global") });
    const started = await status();
    expect(started).toMatchObject({ IsLogging: true });
    expect(Math.abs(Date.parse(started["StartLoggingTime"] as string) - Date.now())).toBeLessThan(
      60_000,
    );
    await owner.cloudTrail("stop_logging", { Name: "global" });
    expect(await status()).toMatchObject({
      IsLogging: false,
      StopLoggingTime: expect.any(String) as unknown,
    });
  });

  test("UpdateTrail keeps what it is not told, and checks the new bucket", async () => {
    const refused = owner.cloudTrail("update_trail", { Name: "global", S3KeyPrefix: "elsewhere" });
    await expect(refused).rejects.toMatchObject({ code: "InsufficientS3BucketPolicyException" });
    const missing = owner.cloudTrail("update_trail", { Name: "global", S3BucketName: "no-such" });
    await expect(missing).rejects.toMatchObject({ code: "S3BucketDoesNotExistException" });
    const updated = await owner.cloudTrail("update_trail", {
      Name: "global",
      EnableLogFileValidation: true,
    });
    expect(updated).toMatchObject({
      S3BucketName: bucket,
      IsMultiRegionTrail: true,
      LogFileValidationEnabled: true,
    });
    const combination = owner.cloudTrail("update_trail", {
      Name: "global",
      IncludeGlobalServiceEvents: false,
    });
    await expect(combination).rejects.toMatchObject({
      code: "InvalidParameterCombinationException",
    });
  });

  test("UpdateTrail makes a trail multi-region only where every region has room", async () => {
    const others = ["t-1", "t-2", "t-3", "t-4"];
    await makeBucket(owner, bucket, [
      ...others.map((name) => elsewhere.trailArn(name)),
      owner.trailArn("local"),
    ]);
    for (const Name of others)
      await elsewhere.cloudTrail("create_trail", { Name, S3BucketName: bucket });
    await expect(
      owner.cloudTrail("update_trail", { Name: "local", IsMultiRegionTrail: true }),
    ).rejects.toMatchObject({
      code: "MaximumNumberOfTrailsExceededException",
      message: `User: ${owner.id} already has 5 trails in eu-west-1.`,
    });
  });

  const changing: [string, (name: string) => object][] = [
    ["update_trail", (Name) => ({ Name, EnableLogFileValidation: true })],
    ["delete_trail", (Name) => ({ Name })],
    ["start_logging", (Name) => ({ Name })],
    ["stop_logging", (Name) => ({ Name })],
    [
      "put_event_selectors",
      (TrailName) => ({ TrailName, EventSelectors: [{ ReadWriteType: "All" }] }),
    ],
    [
      "put_insight_selectors",
      (TrailName) => ({ TrailName, InsightSelectors: [{ InsightType: "ApiCallRateInsight" }] }),
    ],
  ];
  test.each(changing)("%s works in the home region only", async (operation, parameters) => {
    for (const name of ["global", owner.trailArn("global"), owner.trailArn("local")])
      await expect(elsewhere.cloudTrail(operation, parameters(name))).rejects.toMatchObject({
        code: "InvalidHomeRegionException",
        message: expect.stringContaining("us-east-1") as unknown,
      });
    await expect(owner.cloudTrail(operation, parameters("global"))).resolves.toBeTruthy();
  });

  const named: [string, (name: string) => object][] = [
    ...changing,
    ["get_trail", (Name) => ({ Name })],
    ["get_trail_status", (Name) => ({ Name })],
    ["get_event_selectors", (TrailName) => ({ TrailName })],
    ["get_insight_selectors", (TrailName) => ({ TrailName })],
  ];
  test.each(named)("%s tells missing, misnamed and foreign trails apart", async (operation, of) => {
    const stranger = await lab.account();
    const call = (name: string) => stranger.cloudTrail(operation, of(name));
    await expect(call("global")).rejects.toMatchObject({
      code: "TrailNotFoundException",
      message: `Unknown trail: global for the user: ${stranger.id}`,
    });
    await expect(call("x")).rejects.toMatchObject({ code: "InvalidTrailNameException" });
    await expect(call("arn:aws:s3:::bucket")).rejects.toMatchObject({
      code: "CloudTrailARNInvalidException",
    });
    await expect(call(owner.trailArn("global"))).rejects.toMatchObject({
      code: "AccessDeniedException",
      message: expect.stringContaining(owner.trailArn("global")) as unknown,
    });
  });

  test("a stranger sees none of it", async () => {
    const stranger = await lab.account();
    expect(await names(stranger)).toEqual([]);
    expect(await names(stranger, { trailNameList: [owner.trailArn("global")] })).toEqual([]);
    expect(await stranger.cloudTrail("list_trails")).toEqual({ Trails: [] });
  });

  test("a deleted trail is gone, and its name free", async () => {
    await owner.cloudTrail("delete_trail", { Name: "global" });
    expect(await names(owner)).toEqual(["local"]);
    await create("global", true);
    expect(await names(owner)).toEqual(["global", "local"]);
  });

  test("tags: added, changed, listed, removed, limited", async () => {
    const arn = owner.trailArn("global");
    const list = async () => {
      const { ResourceTagList } = await owner.cloudTrail("list_tags", { ResourceIdList: [arn] });
      return (ResourceTagList as { TagsList: object[] }[])[0]!.TagsList;
    };
    const add = (count: number, Value: string) =>
      owner.cloudTrail("add_tags", {
        ResourceId: arn,
        TagsList: Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value })),
      });
    await add(2, "old");
    await add(1, "new");
    expect(await list()).toEqual([
      { Key: "k0", Value: "new" },
      { Key: "k1", Value: "old" },
    ]);
    await owner.cloudTrail("remove_tags", { ResourceId: arn, TagsList: [{ Key: "k0" }] });
    expect(await list()).toEqual([{ Key: "k1", Value: "old" }]);
    await expect(add(51, "x")).rejects.toMatchObject({ code: "TagsLimitExceededException" });
    await add(50, "x");
    expect(await list()).toHaveLength(50);
  });

  test("tags go by the ARN of a trail that exists", async () => {
    const list = (id: string) => owner.cloudTrail("list_tags", { ResourceIdList: [id] });
    const codes = {
      global: "CloudTrailARNInvalidException",
      [owner.trailArn("nobody")]: "ResourceNotFoundException",
      [`arn:aws:cloudtrail:us-east-1:${owner.id}:eventdatastore/x`]:
        "ResourceTypeNotSupportedException",
      "arn:aws:cloudtrail:us-east-1:123456789012:trail/x": "AccessDeniedException",
    };
    for (const [id, code] of Object.entries(codes))
      await expect(list(id)).rejects.toMatchObject({ code });
  });

  test("parameters that no SDK would send are refused, all at once", async () => {
    const response = await fetchSigned(lab.aws.endpoint, {
      credentials: owner.credentials,
      service: "cloudtrail",
      method: "POST",
      target: "/",
      headers: {
        "x-amz-target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.CreateTrail",
      },
      body: JSON.stringify({ Name: 1, IsMultiRegionTrail: "yes" }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      __type: "ValidationException",
      message: expect.stringMatching(/^3 .*Name.*S3BucketName.*IsMultiRegionTrail/) as unknown,
    });
  });

  test("an operation that is not there says so", async () => {
    await expect(owner.cloudTrail("list_channels")).rejects.toMatchObject({
      code: "UnknownOperationException",
      message: expect.stringContaining("ListChannels") as unknown,
    });
  });
});
