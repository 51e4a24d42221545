#!/usr/bin/env bash
# Makes wrong changes to the library, one by one, and tells which of them no test notices.
# They are data, tests/mutation/ROOM.toml. Takes about an hour for all on two cores.
#   scripts/mutate.sh [--check] [--list] [ROOM[:PART OF FILE]...]
set -euo pipefail
cd "$(dirname "$0")/.."

[[ " $* " == *" --check "* || " $* " == *" --list "* ]] || scripts/setup.sh --test
tests/mutation/mutate.py "$@"
