/**
 * The line under `destination.readers` of an environment file that lets a principal read all logs.
 */
export function readerLine(name: string, principal: string): string {
  return `- { name: ${name}, principals: ["${principal}"], accounts: [all] }`;
}
