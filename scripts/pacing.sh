#!/usr/bin/env bash
# The dialler's pacing before a referee: days of an office, agents' occupancy against abandoned calls.
# usage: scripts/pacing.sh short|whole [path of an independent referee that speaks to `hutong pace --stdio`]
# Without a referee the project's own days judge (pbx/core/tests/pacing).
set -euo pipefail
cd "$(dirname "$0")/.."

how=${1:-short}
referee=${2:-}
if [ "$how" = whole ]; then sizes="1 2 5 10 20 50 100" seeds=20; else sizes="1 5 20" seeds=5; fi

if [ -z "$referee" ]; then
  N=${sizes// /,} DAYS=$seeds cargo test --release -p hutong-core --test pacing -- --ignored --nocapture table
  # 试算 and the days it plays, mode by mode.
  cargo test --release -p hutong-core --test whatif -- --ignored --nocapture table
  exit
fi
python=$(command -v pypy3 || command -v python3)
# A pacer that knew the seeds could replay the days: others each time, unless asked for.
seed0=${SEED0:-$RANDOM}
cargo build --release --bin hutong
for cap in 0.03 0.01; do
  for n in $sizes; do
    "$python" "$referee" --scenario base --agents "$n" --eps "$cap" --seeds "$seeds" --seed0 "$seed0" \
      --exec "target/release/hutong pace --stdio"
  done
done
