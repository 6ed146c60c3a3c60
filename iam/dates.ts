/** The W3C profile of ISO 8601; with a time, a zone is a must. */
const ISO_DATE =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-](\d{2}):(\d{2})))?)?)?$/;

/**
 * Milliseconds since 1970. Four digits are a year, more are seconds since 1970.
 *
 * @returns the time, or what is wrong with the text
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 * @see https://www.w3.org/TR/NOTE-datetime
 */
export function parseDate(text: string): number | { readonly problem: string } {
  if (/^\d{5,}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const found = ISO_DATE.exec(text);
  if (found === null)
    return {
      problem: `${JSON.stringify(text)} is not a date; write 2026-01-31T00:00:00Z or seconds since 1970`,
    };
  const [, year = 0, month = 1, day = 1, ...time] = found.map(Number).map(orUndefined);
  const [hour = 0, minute = 0, second = 0, zoneHour = 0, zoneMinute = 0] = time;
  const days = daysOf(year, month);
  const isWithin = [
    [month, 1, 12],
    [day, 1, days],
    [hour, 0, 23],
    [minute, 0, 59],
    [second, 0, 59],
    [zoneHour, 0, 23],
    [zoneMinute, 0, 59],
  ].every(([value = 0, least = 0, most = 0]) => value >= least && value <= most);
  // JavaScript would read 30 February as 2 March, and 24:00 as the next day.
  if (!isWithin)
    return {
      problem: `${JSON.stringify(text)} is not a date: no such month, day, hour, minute or second exists`,
    };
  // eslint-disable-next-line no-restricted-globals -- reads a given time and asks no clock
  return Date.parse(text);
}

function orUndefined(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}

/** 0 where there is no such month. */
function daysOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
}
