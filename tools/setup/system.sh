#!/usr/bin/env bash
# What must be on the machine before anything is built: toolchains (named when missing) and Debian packages (installed when root, else named).
# usage: system.sh build | browsers
set -u
part=${1:?build or browsers}
missing=()

want() { # want PACKAGE COMMAND... : COMMAND says whether the package is needed no more
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}

if [ "$part" = build ]; then
  faults=0
  lacks() {
    echo "$1" >&2
    faults=1
  }
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    lacks "Python 3.11 or newer is missing. On Debian: apt-get install python3 python3-venv"
  command -v cargo >/dev/null ||
    lacks "Rust is missing (cargo, 1.89 or newer). Install it with rustup: https://rustup.rs, then open a new terminal."
  command -v node >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' && command -v npm >/dev/null ||
    lacks "Node.js 20 or newer with npm is missing. On Debian 12 take it from https://nodejs.org; it is needed for building the screens, not for running a node."
  ((faults)) && exit 1
  want python3-venv python3 -c 'import ensurepip, venv'
  want build-essential bash -c 'command -v cc && command -v make'
  want cmake command -v cmake
  want pkg-config command -v pkg-config
  want libvpx-dev pkg-config --exists vpx
  want libopus-dev pkg-config --exists opus
else
  want chromium command -v chromium
  want firefox-esr command -v firefox-esr
  want fonts-noto-cjk test -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc
fi

((${#missing[@]} == 0)) && exit 0
command="apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then
  echo "note: parley: installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update && exec $command
fi
echo "These packages are missing: ${missing[*]}" >&2
echo "On Debian or Ubuntu type:  sudo $command" >&2
echo "Then run make again." >&2
exit 1
