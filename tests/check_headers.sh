#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Each public header compiles alone: check_headers.sh SOURCE COMPILER
set -euo pipefail
cd "$1/libriskmap/include"
find riskmap -name '*.hpp' -print0 | sort -z | xargs -0 -P 2 -I{} \
    sh -c 'echo "#include <{}>" | "$0" -std=c++20 -Wall -Wextra -Werror -fsyntax-only -I. -x c++ - || { echo "does not compile alone: {}"; exit 255; }' "$2"
echo "headers: $(find riskmap -name '*.hpp' | wc -l) compile alone"
