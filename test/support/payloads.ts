/**
 * Texts that Terraform, HCL, JSON, YAML or CDKTF would take for something else where one of them
 * could.
 */
export const PAYLOADS: readonly string[] = [
  '${file("/etc/hostname")}',
  "%{ for a in [1] }x%{ endfor }",
  "$${x}",
  "$$${x}",
  "%%{x}",
  "${",
  "%{",
  "$",
  "a ${~ b ~} c",
  "${aws_s3_bucket.logs.id}",
  "${terraform.workspace}",
  "quotes \" ' and \\ \\n \\${x}",
  "two\nlines\r\n",
  "\u2028",
  "😀",
  "<&>",
  "\u0001",
  "a\r${b}\r%{c}",
  "\ufeffa",
];
