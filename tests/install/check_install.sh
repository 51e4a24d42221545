#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The installed package serves a project of its own, by find_package and by
# pkg-config: check_install.sh SOURCE BUILD
set -euo pipefail
source=$1
build=$2
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cmake --install "$build" --prefix "$place/usr" >/dev/null
cmake -S "$source/tests/install" -B "$place/build" -G Ninja -DCMAKE_PREFIX_PATH="$place/usr" \
    -DCMAKE_CXX_FLAGS="$(grep -m1 RISKMAP_SANITIZE:STRING= "$build/CMakeCache.txt" | sed 's/.*=\(.\+\)/-fsanitize=\1/;t;s/.*//')" >/dev/null
cmake --build "$place/build" >/dev/null
"$place/build/consumer"
PKG_CONFIG_PATH=$(dirname "$(find "$place/usr" -name riskmap.pc)") pkg-config --exists --print-errors riskmap
"$place/usr/bin/riskmap" --version
