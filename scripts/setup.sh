#!/usr/bin/env bash
# Installs the Debian 12 packages that riskmap is built from, and says which.
# Run it as root or as a user with sudo; a second run finds nothing to do.
#   --check   install nothing; exit 1 if something is missing
#   --test    what the tests need, too: a browser, readers of PDF
#   --fuzz    what scripts/fuzz.sh needs, too
set -euo pipefail

packages=(
    # compiler and build
    g++ cmake ninja-build ccache pkg-config
    # libraries (../docs/architecture.md tells what each is for)
    libgdal-dev libproj-dev libgeos-dev libboost-dev libeigen3-dev libtbb-dev
    libcairo2-dev libpango1.0-dev fonts-noto-cjk fonts-dejavu-core # maps and their letters
    libtiff-dev libdeflate-dev coinor-libcbc-dev coinor-libcgl-dev coinor-libclp-dev
    coinor-libosi-dev coinor-libcoinutils-dev libssl-dev libsqlite3-dev libexpat1-dev libgsf-1-dev
    libfmt-dev libcli11-dev libtomlplusplus-dev nlohmann-json3-dev
    # tests and checks
    libgtest-dev libbenchmark-dev clang-format clang-tidy git python3 gdal-bin
)

# npm brings MapLibre for the web atlas; Debian's is large, so only where there is none.
command -v npm >/dev/null || packages+=(nodejs npm)
[[ ${1:-} == --test ]] && packages+=(chromium poppler-utils)
[[ ${1:-} == --fuzz ]] && packages+=(clang libclang-rt-14-dev)

missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null || true)
    [[ $status == ii* ]] || missing+=("$package")
done

if ((${#missing[@]} == 0)); then
    echo "setup: all ${#packages[@]} packages are there"
    exit 0
fi
if [[ ${1:-} == --check ]]; then
    echo "setup: missing: ${missing[*]}"
    exit 1
fi

sudo=()
if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
        echo "setup: run this as root, or install sudo; missing: ${missing[*]}" >&2
        exit 1
    fi
    sudo=(sudo)
fi
echo "setup: installing ${missing[*]}"
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo "setup: installed ${#missing[@]} packages"
