/**
 * Prints the calls that changed something, from log files, gzipped or not, of any size:
 *
 *     npm run --silent read -- *.json.gz
 */
import { createReadStream } from "node:fs";
import { readRecords } from "central-trail/cloudtrail";

for (const file of process.argv.slice(2)) {
  for await (const { records, problems } of readRecords(createReadStream(file), { file })) {
    for (const { eventTime, recipientAccountId, eventSource, eventName, readOnly } of records)
      if (!readOnly) console.log(eventTime, recipientAccountId, eventSource, eventName);
    for (const { what, how } of problems) console.error(`${file}: ${what} ${how}`);
  }
}
