import { checkEnvironment } from "../../envs/check";

/** The smallest file with two members; cases change a line of it. */
export const BASE = `destination:
  account: "111111111111"
  region: us-east-1
  bucket: base-logs
members:
  - account: "222222222222"
    region: us-east-1
  - account: "333333333333"
    region: eu-west-1
deployer:
  role: deployer
`;

/** The base file with some of its text replaced; what is replaced must be there, once. */
export function changed(...replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((text, [from, to]) => {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`${JSON.stringify(from)} is not in the file once`);
    return parts.join(to);
  }, BASE);
}

/** All problems of a text, one string each: `line:column path | found | allowed | fix`. */
export function problemsOf(text: string, endpointHosts: readonly string[] = []): string[] {
  const { problems = [] } = checkEnvironment("base", "envs/base.yaml", text, { endpointHosts });
  return problems.map(
    ({ line, column, path, found, allowed, fix }) =>
      `${line}:${column} ${path} | ${found} | ${allowed} | ${fix}`,
  );
}
