#!/usr/bin/env bash
# Runs every property test again and again with fresh seeds for the given minutes; a failure prints its smallest case.
set -euo pipefail
minutes=${1:-10}
cd "$(dirname "$0")/.."
until=$(($(date +%s) + minutes * 60))
cargo test --release --workspace --lib --bins --no-run
round=0
while [ "$(date +%s)" -lt "$until" ]; do
  round=$((round + 1))
  echo "round $round, $(((until - $(date +%s) + 59) / 60)) min left"
  PROPTEST_CASES=20000 cargo test --release --workspace --lib --bins --quiet -- props
done
