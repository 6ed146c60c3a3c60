import { chmodSync } from "node:fs";
import { delimiter, join } from "node:path";
import { findTools } from "../../../operations/terraform/requirements";
import { requires } from "../../support/requirements";
import { temporaryFolder, writeTree } from "../../support/temporary-folder";

const folder = temporaryFolder();

function program(name: string, text: string): void {
  writeTree(folder(), name, text);
  chmodSync(join(folder(), name), 0o755);
}

const path = (...more: string[]): NodeJS.ProcessEnv => ({
  PATH: [folder(), ...more].join(delimiter),
});

test("all that is missing is said at once, each with the command that installs it", async () => {
  await expect(findTools(["terraform", "moto"], path())).rejects.toMatchObject({
    lines: [
      expect.stringMatching(
        /^terraform cannot be run \(it is not on PATH\)\. Terraform 1\.10\.0 or later is needed; install it with: \S+/,
      ) as string,
      "moto_server cannot be run (it is not on PATH). moto 5.2 or later is needed; install it with: " +
        "python3 -m pip install --upgrade 'moto[server]>=5.2'",
    ],
  });
});

test("a Terraform that is too old is named with its version", async () => {
  program("old-tf", `#!/bin/sh\necho '{"terraform_version":"1.9.8","platform":"linux_amd64"}'\n`);
  const env = { ...path("/bin", "/usr/bin"), TERRAFORM_BINARY_NAME: "old-tf" };
  await expect(findTools(["terraform"], env)).rejects.toThrow(
    /^old-tf is version 1\.9\.8\. Terraform 1\.10\.0 or later is needed/,
  );
});

test("a program that is not Terraform is refused", async () => {
  program("terraform", "#!/bin/sh\necho hello\n");
  await expect(findTools(["terraform"], path("/bin", "/usr/bin"))).rejects.toThrow(
    /`terraform version -json` does not name its version/,
  );
});

requires("terraform")("the real Terraform", () => {
  test("is found, with its version and its name for this platform", async () => {
    const { terraform } = await findTools(["terraform"]);
    expect(terraform.version).toMatch(/^1\.\d+\.\d+/);
    expect(terraform.platform).toMatch(/^[a-z0-9]+_[a-z0-9]+$/);
  });
});

requires("moto")("moto_server", () => {
  const fake = (version: string): NodeJS.ProcessEnv => {
    writeTree(
      folder(),
      `site/moto-${version}.dist-info/METADATA`,
      `Name: moto\nVersion: ${version}\n`,
    );
    program("moto_server", "#!/usr/bin/env python3\nprint('usage: moto_server')\n");
    return {
      ...process.env,
      PATH: [folder(), process.env.PATH].join(delimiter),
      PYTHONPATH: join(folder(), "site"),
    };
  };

  test("that is installed is found", async () => {
    const { moto } = await findTools(["moto"]);
    expect(moto).toEqual({
      command: "moto_server",
      version: expect.stringMatching(/^5\.([2-9]|\d\d)/) as string,
    });
  });

  test("that is too old is named with its version", async () => {
    await expect(findTools(["moto"], fake("5.1.9"))).rejects.toThrow(
      /^moto_server is of moto 5\.1\.9\. moto 5\.2 or later is needed/,
    );
  });

  test("is asked in the interpreter that runs it", async () => {
    expect((await findTools(["moto"], fake("7.0.1"))).moto.version).toBe("7.0.1");
  });

  test("that says nothing of moto is refused", async () => {
    program("moto_server", "#!/bin/sh\necho usage: moto_server\n");
    await expect(findTools(["moto"], path("/bin", "/usr/bin"))).rejects.toThrow(
      /its Python has no moto package/,
    );
  });
});
