#!/usr/bin/env bash
# Plans $ENVIRONMENT into plans/, with further options of `central-trail plan` as arguments.
#
# Writes review/ (review.md, review.json: what may be published) and the job summary. Exits with 0 where
# the plan may be applied, changes or not, else with the plan's own code.
set -euo pipefail

status=0
npm run --silent central-trail -- plan --env "$ENVIRONMENT" --out plans --lock-timeout 10m "$@" || status=$?

rm -rf review
mkdir review
case $status in
  0 | 2 | 3)
    cp plans/review.md plans/review.json review/
    ;;
  *)
    printf '## Central Trail: no plan of `%s`\n\n**Planning failed with exit code %d, so there is no review.** The log of the run says why.\n' \
      "$ENVIRONMENT" "$status" >review/review.md
    ;;
esac
cat review/review.md >>"$GITHUB_STEP_SUMMARY"

case $status in
  0 | 2) ;;
  3)
    echo "::error title=Blocked::A guard blocks the plan of $ENVIRONMENT. The review says which, and the way out."
    exit 3
    ;;
  *)
    echo "::error title=No plan::$ENVIRONMENT could not be planned: exit code $status."
    exit "$status"
    ;;
esac
