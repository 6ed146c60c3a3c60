#!/usr/bin/env bash
# Runs `central-trail $1` (verify or drift) for $ENVIRONMENT, writes the job summary, and exits with
# its code: all but 0 fail the job.
set -euo pipefail
verb=$1

# It stands in commands of the log and on pages, where another text could pass for ours.
if [[ ! $ENVIRONMENT =~ ^[a-z][a-z0-9-]{0,99}$ ]]; then
  echo "ENVIRONMENT has to be 1 to 100 lower-case letters, digits and hyphens, a letter first." >&2
  exit 64
fi

# A drift run plans, and a deploy may hold a state.
options=()
if [ "$verb" = drift ]; then options=(--lock-timeout 10m); fi
# A role that reads logs and that no pull request gets into.
if [ "$verb" = verify ] && [ -n "${LOG_READER_ROLE_ARN:-}" ]; then
  options=(--role-arn "$LOG_READER_ROLE_ARN")
fi

status=0
npm run --silent central-trail -- "$verb" --env "$ENVIRONMENT" "${options[@]}" >report.txt || status=$?
cat report.txt

case $verb:$status in
  verify:0) meaning="proven: every trail logs and delivers, and its files are as delivered" ;;
  verify:1) meaning="not checked: something could not be looked at, and so is not proven" ;;
  verify:2) meaning="amiss or unvouched: late, missing, not as the environment says, or there without proof" ;;
  verify:3) meaning="tampered: files were changed, moved or deleted after delivery" ;;
  drift:0) meaning="no drift" ;;
  drift:2) meaning="drift: something is not as it was deployed" ;;
  *) meaning="$verb failed with exit code $status; the log of the run says why" ;;
esac

# Indented, what stands in a report is text: no HTML, no link, and no fence that it could end. A job
# summary takes 1 MiB.
{
  printf '## Central Trail: %s of `%s`\n\n**%s**\n\n' "$verb" "$ENVIRONMENT" "$meaning"
  head -c 500000 report.txt | sed 's/^/    /'
  echo
} >>"$GITHUB_STEP_SUMMARY"

if [ "$status" -ne 0 ]; then
  echo "::error title=$verb of $ENVIRONMENT::$meaning"
fi
exit "$status"
