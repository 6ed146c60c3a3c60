import { HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";

/**
 * The time by S3's own clock, from the Date header of its answer: with this computer's, a clock
 * that is wrong would make files late, and a local AWS may have been moved forward. Any answer will
 * do, a refusal too.
 *
 * @returns undefined where there was no answer
 */
export async function timeOfAws(s3: S3Client, bucket: string): Promise<Date | undefined> {
  let date: string | undefined;
  const head = new HeadBucketCommand({ Bucket: bucket });
  head.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      date = (result.response as { headers: Record<string, string> }).headers["date"];
      return result;
    },
    { step: "deserialize", priority: "low" },
  );
  await s3.send(head).catch(() => undefined);
  const time = new Date(date ?? NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
