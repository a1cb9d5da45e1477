#!/bin/sh
# Time of an update against the memory of activations it keeps to: the exact gradient of one window
# of STEPS steps, first with everything kept, then within each of the budgets. Medians of updates
# after the first two.
# Usage, from the project's root:
#   sh bench/memory-curve.sh CELL HIDDEN LANES STEPS UPDATES FOLDER BUDGET...
set -eu
cell=$1 hidden=$2 lanes=$3 steps=$4 updates=$5 folder=$6
shift 6
mkdir -p "$folder"
text=$folder/text.txt
awk -v n=$((steps * lanes + lanes + 1)) 'BEGIN {
  srand(1)
  for (i = 0; i < n; i++) printf "%c", (i % 6 == 5) ? 32 : 97 + int(rand() * 26)
}' >"$text"
echo "memory | bytes counted | seconds an update | against keeping all"
all=
for budget in all "$@"; do
  run=$folder/$budget
  rm -rf "$run"
  [ "$budget" = all ] && memory= || memory="--memory $budget"
  # shellcheck disable=SC2086
  ./lookback train "$text" --split 1,0,0 --cell "$cell" --hidden "$hidden" --batch "$lanes" \
    --steps "$steps" --updates "$updates" $memory --json --run "$run" >"$run.json"
  bytes=$(sed -n 's/.*"peak_activation_bytes":\([0-9]*\).*/\1/p' "$run.json")
  seconds=$(awk -F, 'NR > 3 { print ($4 - before) / ($1 - update) }
      { before = $4; update = $1 }' "$run/metrics.csv" |
    sort -n | awk '{ s[NR] = $1 } END { print s[int((NR + 1) / 2)] }')
  [ -n "$all" ] || all=$seconds
  echo "$budget | $bytes | $seconds | $(awk "BEGIN { printf \"%.2f\", $seconds / $all }")"
done
