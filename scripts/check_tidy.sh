#!/usr/bin/env bash
# clang-tidy on the sources changed since a commit (default: the one before
# the last, or all of the library and the program with --all).
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ ${1:-} == --all ]]; then
    mapfile -t files < <(git ls-files 'libriskmap/*.cpp' 'tools/*.cpp')
else
    base=${1:-$(git rev-parse -q --verify HEAD~1 || git hash-object -t tree /dev/null)}
    mapfile -t files < <(git diff --name-only --diff-filter=d "$base" -- 'libriskmap/*.cpp' 'tools/*.cpp')
fi
# A large change is checked in part, the smallest files first, so that this stays within minutes.
most=${RISKMAP_TIDY_FILES:-24}
if ((${#files[@]} > most)) && [[ ${1:-} != --all ]]; then
    mapfile -t files < <(wc -l "${files[@]}" | grep -v ' total$' | sort -n | awk '{print $2}' | head -n "$most")
fi
if ((${#files[@]} > 0)); then
    printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy -p build/release --quiet
fi
echo "clang-tidy: ${#files[@]} sources are in order"
