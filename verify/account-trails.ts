import {
  type CloudTrailClient,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  type GetTrailStatusResponse,
  InsightNotEnabledException,
  ListPublicKeysCommand,
  type Trail,
} from "@aws-sdk/client-cloudtrail";
import { cloudTrailClient, type Credentials } from "../aws/clients";
import { isUnanswered } from "../aws/request-limits";
import type {
  AdvancedEventSelector,
  DataResource,
  EventSelection,
} from "../cloudtrail/selection/event-selectors";
import type { PublicKey } from "../cloudtrail/digests/validation-source";
import type { Account, Environment } from "../envs/types";
import { accountCredentials, type AwsAccess } from "../aws/account-access";

/**
 * CloudTrail in every account and region, each asked with its account's role. Methods throw what
 * AWS answers.
 */
export class AccountTrails {
  readonly #clients = new Map<string, CloudTrailClient>();
  readonly #publicKeys = new Map<string, Promise<readonly PublicKey[]>>();

  /**
   * @param accounts those that are asked for public keys, one after the other until one answers
   * @param ofDestination who asks in the destination's account; by default its role that reads
   */
  constructor(
    private readonly environment: Environment,
    private readonly access: AwsAccess,
    private readonly accounts: readonly Account[],
    private readonly ofDestination?: Credentials,
  ) {}

  /** The trail's settings, from its home region. */
  async trail(account: Account, trailArn: string): Promise<Trail> {
    const client = this.#client(account, account.region);
    const { Trail: trail = {} } = await client.send(new GetTrailCommand({ Name: trailArn }));
    return trail;
  }

  /** The trail's status in one region: each region has its own. */
  status(account: Account, trailArn: string, region: string): Promise<GetTrailStatusResponse> {
    return this.#client(account, region).send(new GetTrailStatusCommand({ Name: trailArn }));
  }

  /** Which events the trail records. */
  async eventSelection(account: Account, trailArn: string): Promise<EventSelection> {
    const client = this.#client(account, account.region);
    const { EventSelectors = [], AdvancedEventSelectors = [] } = await client.send(
      new GetEventSelectorsCommand({ TrailName: trailArn }),
    );
    // AWS answers one kind; its fields are all optional in the SDK's types alone.
    return AdvancedEventSelectors.length > 0
      ? { kind: "advanced", selectors: AdvancedEventSelectors as readonly AdvancedEventSelector[] }
      : {
          kind: "basic",
          selectors: EventSelectors.map((selector) => ({
            ReadWriteType: selector.ReadWriteType ?? "All",
            IncludeManagementEvents: selector.IncludeManagementEvents ?? true,
            DataResources: (selector.DataResources ?? []) as readonly DataResource[],
            ExcludeManagementEventSources: selector.ExcludeManagementEventSources ?? [],
          })),
        };
  }

  /** The kinds of Insights that the trail looks for. */
  async insightTypes(account: Account, trailArn: string): Promise<readonly string[]> {
    const client = this.#client(account, account.region);
    try {
      const { InsightSelectors = [] } = await client.send(
        new GetInsightSelectorsCommand({ TrailName: trailArn }),
      );
      return InsightSelectors.flatMap(({ InsightType }) => InsightType ?? []);
    } catch (error) {
      if (error instanceof InsightNotEnabledException) return [];
      throw error;
    }
  }

  /**
   * The keys that CloudTrail signed a region's digest files with. They are the region's, not an
   * account's, so whichever account can be asked will do, and one role alone needs the right.
   */
  publicKeys(region: string, from: string, to: string): Promise<readonly PublicKey[]> {
    const question = `${region} ${from} ${to}`;
    const known = this.#publicKeys.get(question);
    if (known) return known;
    const asked = this.#askForPublicKeys(region, from, to);
    this.#publicKeys.set(question, asked);
    return asked;
  }

  destroy(): void {
    for (const client of this.#clients.values()) client.destroy();
  }

  async #askForPublicKeys(region: string, from: string, to: string): Promise<readonly PublicKey[]> {
    const failures: unknown[] = [];
    for (const account of this.accounts) {
      try {
        return await listPublicKeys(this.#client(account, region), from, to);
      } catch (error) {
        // A silent region is silent to all, and each would be waited for.
        if (isUnanswered(error)) throw error;
        failures.push(error);
      }
    }
    throw failures[0];
  }

  #client(account: Account, region: string): CloudTrailClient {
    const id = `${account.account} ${region}`;
    const client =
      this.#clients.get(id) ??
      cloudTrailClient({
        region,
        endpoint: this.access.endpoint,
        credentials:
          (account.account === this.environment.destination.account
            ? this.ofDestination
            : undefined) ?? accountCredentials(this.environment, account, this.access),
      });
    this.#clients.set(id, client);
    return client;
  }
}

/**
 * The public keys of a client's region.
 *
 * @param from ISO 8601, as is `to`
 */
export async function listPublicKeys(
  client: CloudTrailClient,
  from: string,
  to: string,
): Promise<readonly PublicKey[]> {
  const { PublicKeyList = [] } = await client.send(
    new ListPublicKeysCommand({ StartTime: new Date(from), EndTime: new Date(to) }),
  );
  return PublicKeyList.flatMap(({ Fingerprint, Value }) =>
    Fingerprint && Value ? [{ fingerprint: Fingerprint, value: Value }] : [],
  );
}
