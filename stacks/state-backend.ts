import {
  DataTerraformRemoteStateLocal,
  DataTerraformRemoteStateS3,
  LocalBackend,
  type LocalBackendConfig,
  S3Backend,
  type S3BackendConfig,
  type TerraformRemoteState,
  type TerraformStack,
} from "cdktf";
import type { Construct } from "constructs";
import { expression, verbatim } from "../modules/terraform-text";
import type { StackProps } from "./stack-props";

/** What a stack's backend is, for its own block and for who reads its outputs. */
export type BackendConfig =
  | { readonly kind: "local"; readonly config: LocalBackendConfig }
  | { readonly kind: "s3"; readonly config: S3BackendConfig };

/** The backend of a stack, by its name. */
export function backendOf(
  name: string,
  { environment, stateDirectory, roles }: StackProps,
): BackendConfig {
  const { state } = environment;
  if (state.backend === "local") {
    return { kind: "local", config: { path: `${stateDirectory}/${name}.tfstate` } };
  }
  const roleArn = (roles === "plan" ? state.planRoleArn : undefined) ?? state.roleArn;
  return {
    kind: "s3",
    config: {
      bucket: state.bucket,
      region: state.region,
      key: `${state.keyPrefix}/${name}.tfstate`,
      encrypt: true,
      ...(state.kmsKeyArn === undefined ? {} : { kmsKeyId: state.kmsKeyArn }),
      ...(roleArn === undefined ? {} : { assumeRole: { roleArn, externalId: state.externalId } }),
      ...(environment.endpoint === undefined
        ? {}
        : {
            endpoints: { s3: environment.endpoint, sts: environment.endpoint },
            usePathStyle: true,
          }),
    },
  };
}

/** The backend's block, which Terraform reads as it is: it evaluates nothing there. */
export function writeBackend(stack: TerraformStack, { kind, config }: BackendConfig): void {
  if (kind === "local") {
    new LocalBackend(stack, config);
    return;
  }
  // cdktf 0.21 knows no such prop. It must not get into remote-state data sources, and does not.
  new S3Backend(stack, config).addOverride("use_lockfile", true);
}

/** The outputs of a stack with that backend: a data source, in which Terraform evaluates texts. */
export function remoteState(
  scope: Construct,
  id: string,
  { kind, config }: BackendConfig,
): TerraformRemoteState {
  const workspace = expression("terraform.workspace");
  return kind === "local"
    ? new DataTerraformRemoteStateLocal(scope, id, { ...verbatim(config), workspace })
    : new DataTerraformRemoteStateS3(scope, id, { ...verbatim(config), workspace });
}
