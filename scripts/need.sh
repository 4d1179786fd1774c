#!/usr/bin/env bash
# Installs what is missing: `scripts/need.sh build` for building and running, `scripts/need.sh test` for the tests too.
# Says which packages and why; becomes root by sudo only when it is not root already. Debian and its relatives.
set -euo pipefail

packages=()
need() { # package, why, test of its presence
  if ! eval "$3" >/dev/null 2>&1; then
    packages+=("$1")
    printf '  %-18s %s\n' "$1" "$2"
  fi
}

node_is_new_enough() {
  [ "$(node --version | sed 's/^v\([0-9]*\).*/\1/')" -ge 18 ]
}

if ! command -v cargo >/dev/null; then
  echo "Rust is missing (1.90 or newer): see https://rustup.rs" >&2
  exit 1
fi

need build-essential "a C compiler and linker: SQLite and the cryptography are compiled here" "command -v cc"
need pkg-config "finds the sound library below" "command -v pkg-config"
need libasound2-dev "sound in the console: listening and playback" "pkg-config --exists alsa"
need nodejs "builds the agents' browser page (18 or newer)" "command -v node"
need npm "fetches what the page is built from" "command -v npm"
if [ "${1:-build}" = test ]; then
  need sip-tester "SIPp: plays the carrier, an independent SIP implementation" "command -v sipp"
  need chromium "plays the agent: a real browser with a microphone" "command -v chromium"
  need sox "makes and measures sound" "command -v sox"
  need tmux "a terminal for the console" "command -v tmux"
  need fonts-noto-cjk "Chinese letters in pictures of the page" "fc-list :lang=zh | grep -q ."
fi

if [ ${#packages[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null; then
    echo "The above is missing, and there is no apt-get here: please install it." >&2
    exit 1
  fi
  echo "Installing the above with apt-get."
  root=()
  [ "$(id -u)" = 0 ] || root=(sudo)
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" </dev/null
fi

if ! node_is_new_enough; then
  echo "node $(node --version) is too old for the page: 18 or newer is needed." >&2
  exit 1
fi
