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
export PKG_CONFIG_PATH=$(dirname "$(find "$place/usr" -name riskmap.pc)")
sanitize=$(grep -m1 RISKMAP_SANITIZE:STRING= "$build/CMakeCache.txt" | sed 's/.*=\(.\+\)/-fsanitize=\1/;t;s/.*//')
# shellcheck disable=SC2046 # flags are words
g++ -std=c++20 $sanitize "$source/tests/install/consumer.cpp" $(pkg-config --cflags --libs riskmap) -o "$place/by_pkg_config"
"$place/by_pkg_config"
"$place/usr/bin/riskmap" --version
