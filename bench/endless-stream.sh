#!/bin/sh
# Every truncated coupling on a stream of 256 MiB of made-up words out of a pipe, in a heap of 64 MB:
# what is in use after a collection, at four times of each run, must not grow.
# Usage, from the project's root: sh bench/endless-stream.sh [SECONDS] [FOLDER] [COUPLING...]
set -eu
seconds=${1:-60}
folder=${2:-endless-stream}
[ $# -gt 2 ] && shift 2 || set -- fixed:32 sliding:8,32 sliding:32,96 every-loss-at-least:16 \
  random:16 random:16,per-lane random:24,alpha=4 random:measured adaptive:0.1 auto
mkdir -p "$folder"
words() {
  awk 'BEGIN {
    srand(1)
    for (w = 0; w < 5000; w++) {
      word[w] = ""
      for (n = 2 + int(rand() * 7); n > 0; n--) word[w] = word[w] sprintf("%c", 97 + int(rand() * 26))
    }
    for (size = 0; size < 268435456; size += length(line) + 1) {
      line = word[int(rand() * rand() * 5000)]
      for (n = 0; n < 9; n++) line = line " " word[int(rand() * rand() * 5000)]
      print line
    }
  }'
}
echo "coupling | characters | updates | activations, bytes | heap after a collection at 25, 50, 75, 100 % of them"
for coupling; do
  name=$(printf '%s' "$coupling" | tr -c 'a-z0-9.\n' '-')
  rm -rf "$folder/$name" "$folder/$name.gc"
  words | LOOKBACK_JAVA_OPTS="-Xmx64m -Xlog:gc:file=$folder/$name.gc" ./lookback train - \
    --hidden 8 --batch 128 --steps 32 --coupling "$coupling" --seconds "$seconds" --epochs 1 \
    --split 0.999,0.001,0 --threads 1 --json --run "$folder/$name" >"$folder/$name.json"
  field() { sed -n 's/.*"'"$1"'":\([0-9.]*\).*/\1/p' "$folder/$name.json"; }
  heap=$(sed -n 's/.*->\([0-9]*M\)(.*/\1/p' "$folder/$name.gc" |
    awk '{ at[NR] = $1 } END { for (q = 1; q <= 4; q++) printf " %s", at[int((NR * q + 3) / 4)] }')
  echo "$coupling | $(field tokens) | $(field updates) | $(field peak_activation_bytes) |$heap"
done
