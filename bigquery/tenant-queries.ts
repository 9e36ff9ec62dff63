import type { ResolvedTenant } from "../model/resolve";
import type { QueryParameters } from "./query-messages";
import type { QueryResult, RestClient } from "./rest-client";
import type { Deadline } from "./deadline";

/** Queries over the tables of one tenant, run by the project that holds them and where they are. */
export class TenantQueries {
  constructor(
    private readonly rest: RestClient,
    readonly tenant: ResolvedTenant,
  ) {}

  /** `ms` milliseconds from now, by the connection's clock. */
  deadline(ms: number): Deadline {
    return this.rest.deadline(ms);
  }

  /** @throws `RestError` when BigQuery refuses; `DeadlineError` when it did not answer in time. */
  async run(sql: string, parameters: QueryParameters = {}, deadline?: Deadline): Promise<QueryResult> {
    return this.rest.query(this.tenant.projectId, this.tenant.location, sql, parameters, deadline);
  }
}
