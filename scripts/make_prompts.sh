#!/usr/bin/env bash
# Writes data/prompts/*.wav: 8 kHz mono A-law, spoken by espeak-ng, levelled and trimmed by sox.
# Needs: espeak-ng sox (Debian packages of these names).
set -euo pipefail
cd "$(dirname "$0")/../data/prompts"

prompt() { # file text
  local raw
  raw=$(mktemp --suffix=.wav)
  espeak-ng -v cmn-latn-pinyin -s 250 -g 1 -w "$raw" "$2"
  # Telephone band, silence cut at both ends, 0.2 s kept before and after, peaks at -1 dB.
  sox "$raw" -t wav -e a-law -r 8000 -c 1 "$1" \
    gain -6 highpass 200 lowpass 3600 \
    silence 1 0.02 0.5% reverse silence 1 0.02 0.5% reverse \
    rate -v 8000 norm -1 pad 0.2 0.2
  rm -f "$raw"
  echo "$1: $(soxi -D "$1") s"
}

prompt greeting.wav "您好，这里是演示公司，正在为您转接坐席。"
prompt abandon.wav "对不起，演示公司暂时没有坐席可以接听，再见。"
