import { CLOUDTRAIL_SERVICE_PRINCIPAL } from "../../cloudtrail/service/principal";
import { isDocumentedPartition } from "../../cloudtrail/regions";
import type { Environment } from "../types";

/**
 * What is not known of the environment's partition: sentences, none where AWS documents all of it.
 */
export function partitionWarnings({ partition, destination }: Environment): string[] {
  if (isDocumentedPartition(partition)) return [];
  const name = destination.servicePrincipal;
  return [
    `Nothing here was tried in partition ${partition}, and AWS's text of CloudTrail's policies for it was not found. ` +
      (name === undefined
        ? `They call CloudTrail ${CLOUDTRAIL_SERVICE_PRINCIPAL}, as in partition aws; destination.servicePrincipal changes that.`
        : `They call CloudTrail ${name}, as destination.servicePrincipal says.`),
  ];
}
