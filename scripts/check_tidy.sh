#!/usr/bin/env bash
# clang-tidy on the sources changed since a commit (default: the one before the last)
# and on the room core; --all: on everything, which takes an hour.
set -euo pipefail
cd "$(dirname "$0")/.."
if [[ ${1:-} == --all ]]; then
    mapfile -t files < <(git ls-files 'libriskmap/*.cpp' 'tools/*.cpp')
else
    base=${1:-$(git rev-parse -q --verify HEAD~1 || git hash-object -t tree /dev/null)}
    mapfile -t files < <({
        git diff --name-only --diff-filter=d "$base" -- 'libriskmap/*.cpp' 'tools/*.cpp' | head -n 12
        git ls-files 'libriskmap/core/*.cpp'
    } | sort -u) # few, so that this stays within minutes
fi
# clang cannot read what g++ has precompiled.
mkdir -p build/tidy
sed -E 's/ -Winvalid-pch//; s/ -include [^ ]*cmake_pch\.hxx//; s/ -fpch-preprocess//' \
    build/release/compile_commands.json >build/tidy/compile_commands.json
printf '%s\0' "${files[@]}" | xargs -0 -n 1 -P "$(nproc)" clang-tidy -p build/tidy --quiet 2>/dev/null
echo "clang-tidy: ${#files[@]} sources are in order"
