#!/usr/bin/env bash
# Plans $ENVIRONMENT into plans/, with further options of `central-trail plan` as arguments.
#
# Writes review/ (review.md, review.json: what may be published) and the job summary. Exits with 0 where
# the plan may be applied, changes or not, else with the plan's own code.
set -euo pipefail

# It stands in commands of the log and on pages, where another text could pass for ours.
if [[ ! $ENVIRONMENT =~ ^[a-z][a-z0-9-]{0,99}$ ]]; then
  echo "ENVIRONMENT has to be 1 to 100 lower-case letters, digits and hyphens, a letter first." >&2
  exit 64
fi

# Of an earlier run; what else these folders hold is not ours.
rm -f plans/review.md plans/review.json review/review.md review/review.json
mkdir -p review

status=0
npm run --silent central-trail -- plan --env "$ENVIRONMENT" --out plans --lock-timeout 10m "$@" || status=$?

# With 1 there is one too, where only some stacks could be planned: it says which could not.
if [ -e plans/review.md ]; then
  cp plans/review.md plans/review.json review/
else
  case $status in 0 | 2 | 3) status=1 ;; esac
  printf '## Central Trail: no plan of `%s`\n\n**Planning failed with exit code %d, so there is no review.** The log of the run says why.\n' \
    "$ENVIRONMENT" "$status" >review/review.md
fi
cat review/review.md >>"$GITHUB_STEP_SUMMARY"

case $status in
  0 | 2) ;;
  3)
    echo "::error title=Blocked::A guard blocks the plan of $ENVIRONMENT. The review says which, and the way out."
    exit 3
    ;;
  *)
    echo "::error title=No whole plan::$ENVIRONMENT could not be planned, or not all of it: exit code $status."
    exit "$status"
    ;;
esac
