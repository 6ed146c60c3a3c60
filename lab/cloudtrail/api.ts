/**
 * CloudTrail's API: one method for each operation that trails need.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html
 */
import { type Arn, parseArn } from "../../cloudtrail/arn";
import { partitionOfRegion } from "../../cloudtrail/regions";
import { parseTrailArn, trailArn } from "../../cloudtrail/trails/trail-identity";
import { formatTime } from "../../cloudtrail/time";
import { ServiceError } from "../gateway/service-error";
import type { Delivery } from "./delivery";
import { described, describedInFull, describedSelection } from "./described-trail";
import * as errors from "./errors";
import type { EventHistory } from "./event-history";
import { eventSelection } from "./event-selectors";
import { checkInsightSelectors } from "./insight-selectors";
import * as requests from "./requests";
import type { SigningKeys } from "./signing-keys";
import { withTags } from "./tags";
import {
  checkDestinations,
  checkRequest,
  requestedSettings,
  type TrailSurroundings,
} from "./trail-checks";
import type { CallOrigin, StoredTrail, Trails } from "./trails";

type Parameters = Readonly<Record<string, unknown>>;
type Operation = (parameters: Parameters, origin: CallOrigin) => object | Promise<object>;

/** What the API is made of. */
export interface CloudTrailParts {
  readonly trails: Trails;
  readonly surroundings: TrailSurroundings;
  readonly delivery: Delivery;
  readonly eventHistory: EventHistory;
  readonly signingKeys: SigningKeys;
  /** Milliseconds. */
  readonly now: () => number;
}

export class CloudTrailApi {
  readonly #operations: Readonly<Record<string, Operation>> = {
    CreateTrail: (parameters, origin) => this.#createTrail(parameters, origin),
    UpdateTrail: (parameters, origin) => this.#updateTrail(parameters, origin),
    DeleteTrail: (parameters, origin) => this.#deleteTrail(parameters, origin),
    DescribeTrails: (parameters, origin) => this.#describeTrails(parameters, origin),
    ListTrails: (_, origin) => this.#listTrails(origin),
    GetTrail: (parameters, origin) => this.#getTrail(parameters, origin),
    GetTrailStatus: (parameters, origin) => this.#getTrailStatus(parameters, origin),
    StartLogging: (parameters, origin) => this.#startLogging(parameters, origin),
    StopLogging: (parameters, origin) => this.#stopLogging(parameters, origin),
    PutEventSelectors: (parameters, origin) => this.#putEventSelectors(parameters, origin),
    GetEventSelectors: (parameters, origin) => this.#getEventSelectors(parameters, origin),
    PutInsightSelectors: (parameters, origin) => this.#putInsightSelectors(parameters, origin),
    GetInsightSelectors: (parameters, origin) => this.#getInsightSelectors(parameters, origin),
    AddTags: (parameters, origin) => this.#addTags(parameters, origin),
    RemoveTags: (parameters, origin) => this.#removeTags(parameters, origin),
    ListTags: (parameters, origin) => this.#listTags(parameters, origin),
    LookupEvents: (parameters, origin) => this.#lookupEvents(parameters, origin),
    ListPublicKeys: (parameters, origin) => this.#listPublicKeys(parameters, origin),
  };

  constructor(private readonly parts: CloudTrailParts) {}

  /**
   * @returns the answer as the API writes it
   * @throws ServiceError
   */
  async call(parameters: Parameters, origin: CallOrigin): Promise<object> {
    const operation = Object.hasOwn(this.#operations, origin.action)
      ? this.#operations[origin.action]
      : undefined;
    if (operation === undefined)
      throw new ServiceError(
        "UnknownOperationException",
        `The local AWS's CloudTrail has no operation ${origin.action}; it has ${Object.keys(this.#operations).join(", ")}.`,
      );
    return operation(parameters, origin);
  }

  async #createTrail(parameters: Parameters, origin: CallOrigin): Promise<object> {
    const request = requests.readParameters(requests.createTrailRequest, parameters);
    const { accountId, region: homeRegion } = origin;
    const partition = partitionOfRegion(homeRegion);
    const identity = { partition, homeRegion, accountId, name: request.Name };
    const requested = requestedSettings(request);
    checkRequest(identity, requested, request.IsOrganizationTrail);
    const tags = withTags(new Map(), request.TagsList ?? [], trailArn(identity));
    this.parts.trails.checkRoom(identity, requested.isMultiRegionTrail);
    const settings = await checkDestinations(identity, requested, this.parts.surroundings);
    // Another call may have made the same trail while the destinations were looked at.
    this.parts.trails.checkRoom(identity, settings.isMultiRegionTrail);
    const trail: StoredTrail = {
      identity,
      settings,
      isLogging: false,
      insightSelectors: [],
      deliveries: new Map(),
      tags,
    };
    this.parts.trails.add(trail);
    return described(trail);
  }

  async #updateTrail(parameters: Parameters, origin: CallOrigin): Promise<object> {
    const request = requests.readParameters(requests.updateTrailRequest, parameters);
    const trail = this.parts.trails.findToChange(request.Name, origin);
    const { identity } = trail;
    const requested = requestedSettings(request, trail.settings);
    checkRequest(identity, requested, request.IsOrganizationTrail);
    this.parts.trails.checkRoom(identity, requested.isMultiRegionTrail, trail);
    trail.settings = await checkDestinations(identity, requested, this.parts.surroundings);
    return described(trail);
  }

  #deleteTrail(parameters: Parameters, origin: CallOrigin): object {
    const { Name } = requests.readParameters(requests.trailRequest, parameters);
    const trail = this.parts.trails.findToChange(Name, origin);
    this.parts.delivery.stop(trail);
    this.parts.trails.delete(trail);
    return {};
  }

  #describeTrails(parameters: Parameters, { accountId, region }: CallOrigin): object {
    const request = requests.readParameters(requests.describeTrailsRequest, parameters);
    const wanted = request.trailNameList;
    const inRegion = this.parts.trails
      .inRegion(accountId, region)
      .filter(({ identity }) => request.includeShadowTrails || identity.homeRegion === region);
    const found =
      wanted.length === 0
        ? inRegion
        : this.parts.trails
            .ofAccount(accountId)
            .filter(
              (trail) =>
                wanted.includes(trailArn(trail.identity)) ||
                (wanted.includes(trail.identity.name) && inRegion.includes(trail)),
            );
    return { trailList: found.map(describedInFull) };
  }

  #listTrails({ accountId }: CallOrigin): object {
    return {
      Trails: this.parts.trails.ofAccount(accountId).map(({ identity }) => ({
        TrailARN: trailArn(identity),
        Name: identity.name,
        HomeRegion: identity.homeRegion,
      })),
    };
  }

  #getTrail(parameters: Parameters, origin: CallOrigin): object {
    const { Name } = requests.readParameters(requests.trailRequest, parameters);
    return { Trail: describedInFull(this.parts.trails.find(Name, origin)) };
  }

  #getTrailStatus(parameters: Parameters, origin: CallOrigin): object {
    const { Name } = requests.readParameters(requests.trailRequest, parameters);
    const trail = this.parts.trails.find(Name, origin);
    const { isLogging, loggingStarted, loggingStopped, deliveries } = trail;
    // As AWS says: the status of a single region, that of the call.
    const status = deliveries.get(origin.region) ?? {};
    const seconds = (time?: number) => (time === undefined ? undefined : time / 1000);
    const text = (time?: number) => (time === undefined ? "" : formatTime(time));
    return {
      IsLogging: isLogging,
      StartLoggingTime: seconds(loggingStarted),
      StopLoggingTime: seconds(loggingStopped),
      LatestDeliveryTime: seconds(status.latestDelivery),
      LatestDeliveryError: status.latestError,
      LatestDigestDeliveryTime: seconds(status.latestDigestDelivery),
      LatestDigestDeliveryError: status.latestDigestError,
      LatestNotificationTime: seconds(status.latestNotification),
      LatestNotificationError: status.latestNotificationError,
      LatestDeliveryAttemptTime: text(status.latestAttempt),
      LatestDeliveryAttemptSucceeded: text(status.latestDelivery),
      LatestNotificationAttemptTime: text(status.latestNotificationAttempt),
      LatestNotificationAttemptSucceeded: text(status.latestNotification),
      TimeLoggingStarted: text(loggingStarted),
      TimeLoggingStopped: text(loggingStopped),
    };
  }

  #startLogging(parameters: Parameters, origin: CallOrigin): object {
    const { Name } = requests.readParameters(requests.trailRequest, parameters);
    const trail = this.parts.trails.findToChange(Name, origin);
    if (trail.isLogging) return {};
    trail.loggingStarted = this.parts.now();
    trail.isLogging = true;
    this.parts.delivery.start(trail);
    return {};
  }

  #stopLogging(parameters: Parameters, origin: CallOrigin): object {
    const { Name } = requests.readParameters(requests.trailRequest, parameters);
    const trail = this.parts.trails.findToChange(Name, origin);
    if (!trail.isLogging) return {};
    trail.loggingStopped = this.parts.now();
    trail.isLogging = false;
    this.parts.delivery.stop(trail);
    return {};
  }

  #putEventSelectors(parameters: Parameters, origin: CallOrigin): object {
    const request = requests.readParameters(requests.putEventSelectorsRequest, parameters);
    const trail = this.parts.trails.findToChange(request.TrailName, origin);
    trail.eventSelection = eventSelection(request.EventSelectors, request.AdvancedEventSelectors);
    return describedSelection(trail);
  }

  #getEventSelectors(parameters: Parameters, origin: CallOrigin): object {
    const { TrailName } = requests.readParameters(requests.trailNameRequest, parameters);
    return describedSelection(this.parts.trails.find(TrailName, origin));
  }

  #putInsightSelectors(parameters: Parameters, origin: CallOrigin): object {
    const request = requests.readParameters(requests.putInsightSelectorsRequest, parameters);
    const trail = this.parts.trails.findToChange(request.TrailName, origin);
    checkInsightSelectors(request.InsightSelectors);
    trail.insightSelectors = request.InsightSelectors;
    return { TrailARN: trailArn(trail.identity), InsightSelectors: trail.insightSelectors };
  }

  #getInsightSelectors(parameters: Parameters, origin: CallOrigin): object {
    const { TrailName } = requests.readParameters(requests.trailNameRequest, parameters);
    const trail = this.parts.trails.find(TrailName, origin);
    if (trail.insightSelectors.length === 0) throw errors.insightNotEnabled(trail.identity.name);
    return { TrailARN: trailArn(trail.identity), InsightSelectors: trail.insightSelectors };
  }

  #addTags(parameters: Parameters, origin: CallOrigin): object {
    const { ResourceId, TagsList } = requests.readParameters(requests.tagsRequest, parameters);
    const trail = this.#taggedTrail(ResourceId, origin);
    for (const [key, value] of withTags(trail.tags, TagsList, ResourceId))
      trail.tags.set(key, value);
    return {};
  }

  #removeTags(parameters: Parameters, origin: CallOrigin): object {
    const { ResourceId, TagsList } = requests.readParameters(requests.tagsRequest, parameters);
    const trail = this.#taggedTrail(ResourceId, origin);
    for (const { Key } of TagsList) trail.tags.delete(Key);
    return {};
  }

  #listTags(parameters: Parameters, origin: CallOrigin): object {
    const { ResourceIdList } = requests.readParameters(requests.listTagsRequest, parameters);
    return {
      ResourceTagList: ResourceIdList.map((ResourceId) => ({
        ResourceId,
        TagsList: [...this.#taggedTrail(ResourceId, origin).tags].map(([Key, Value]) => ({
          Key,
          Value,
        })),
      })),
    };
  }

  #lookupEvents(parameters: Parameters, origin: CallOrigin): object {
    const request = requests.readParameters(requests.lookupEventsRequest, parameters);
    return this.parts.eventHistory.lookup(request, origin);
  }

  #listPublicKeys(parameters: Parameters, { region }: CallOrigin): object {
    const { StartTime, EndTime } = requests.readParameters(
      requests.listPublicKeysRequest,
      parameters,
    );
    return this.parts.signingKeys.listPublicKeys(region, StartTime, EndTime);
  }

  /** Tags go by ARN only, and from any region. */
  #taggedTrail(arn: string, origin: CallOrigin): StoredTrail {
    if (isOtherResource(parseArn(arn))) throw errors.resourceTypeNotSupported(arn);
    const identity = parseTrailArn(arn);
    if (identity === undefined) throw errors.cloudTrailArnInvalid(arn);
    if (identity.accountId !== origin.accountId)
      throw errors.accessDenied(origin.callerArn, origin.action, arn);
    const trail = this.parts.trails.byArn(arn);
    if (trail === undefined) throw errors.resourceNotFound(arn);
    return trail;
  }
}

/** Whether it is something else of CloudTrail's that can have tags. */
function isOtherResource(arn: Arn | undefined): boolean {
  return (
    arn?.service === "cloudtrail" && /^(eventdatastore|channel|dashboard)\//.test(arn.resource)
  );
}
