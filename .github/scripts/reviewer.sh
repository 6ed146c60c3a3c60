#!/usr/bin/env bash
# Decides whose code reviews a pull request. Run by plan.yml in a checkout of the merge commit, in the base branch's
# version. Where environment files alone change, the base branch's code stays and the files come as data; else all
# that the pull request proposes stays, and its code reviews itself: comment.mjs says so.
set -euo pipefail

merge=$(git rev-parse HEAD)
files=()
code=()
# A rename is a file that goes and one that comes.
while IFS= read -r -d '' change && IFS= read -r -d '' path; do
  read -r _ mode _ _ kind <<<"$change"
  if [[ ! $path =~ ^envs/[^/]+\.yaml$ ]]; then
    code+=("$path")
  elif [[ $kind == D ]]; then
    files+=("$path")
  elif [[ $mode == 100644 ]]; then
    files+=("$path")
  else
    printf '%q has mode %s. An environment file must be a plain file (100644): no link, no program.\n' "$path" "$mode" >&2
    exit 1
  fi
done < <(git diff --raw --no-renames --no-abbrev -z HEAD^1 HEAD)

if [ ${#code[@]} -gt 0 ]; then
  printf 'Reviewer: the code of the pull request, which changes %d files that are no environment files.\n' "${#code[@]}"
  exit 0
fi
git checkout --quiet --detach HEAD^1
for path in "${files[@]}"; do
  if git cat-file -e "$merge:$path" 2>/dev/null; then
    git show "$merge:$path" >"$path"
  else
    rm -- "$path"
  fi
done
printf 'Reviewer: the code of the base branch, for %d environment files of the pull request.\n' "${#files[@]}"
