import { randomUUID } from "node:crypto";
import { ServiceError } from "../gateway/service-error";

/** A call of Athena's API for saved queries. */
export interface NamedQueryCall {
  readonly accountId: string;
  readonly region: string;
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

interface NamedQuery {
  readonly NamedQueryId: string;
  readonly Name: unknown;
  readonly Description?: unknown;
  readonly Database: unknown;
  readonly QueryString: unknown;
  readonly WorkGroup: unknown;
}

const ACTIONS = ["CreateNamedQuery", "DeleteNamedQuery", "GetNamedQuery", "ListNamedQueries"];

/** Whether {@link NamedQueries} answers it. */
export function isNamedQueryCall(service: string, action: string): boolean {
  return service === "athena" && ACTIONS.includes(action);
}

/**
 * Athena's saved queries. moto makes them but knows no DeleteNamedQuery, so nothing that Terraform
 * made could be destroyed. Whether there is the workgroup is not looked at.
 *
 * @see https://docs.aws.amazon.com/athena/latest/APIReference/API_CreateNamedQuery.html
 */
export class NamedQueries {
  readonly #queries = new Map<string, NamedQuery>();

  /** @throws ServiceError InvalidRequestException where there is no such query */
  answer({ accountId, region, action, parameters }: NamedQueryCall): object {
    const place = `${accountId} ${region}`;
    if (action === "ListNamedQueries") {
      const workgroup = parameters["WorkGroup"] ?? "primary";
      const ids = [...this.#queries].flatMap(([key, query]) =>
        key.startsWith(place) && query.WorkGroup === workgroup ? query.NamedQueryId : [],
      );
      return { NamedQueryIds: ids };
    }
    if (action === "CreateNamedQuery") {
      const id = randomUUID();
      const { Name, Description, Database, QueryString, WorkGroup = "primary" } = parameters;
      const query = { NamedQueryId: id, Name, Description, Database, QueryString, WorkGroup };
      this.#queries.set(`${place} ${id}`, query);
      return { NamedQueryId: id };
    }
    const id = String(parameters["NamedQueryId"]);
    const query = this.#queries.get(`${place} ${id}`);
    if (query === undefined)
      throw new ServiceError("InvalidRequestException", `NamedQuery ${id} does not exist`);
    if (action === "GetNamedQuery") return { NamedQuery: query };
    this.#queries.delete(`${place} ${id}`);
    return {};
  }
}
