#!/bin/sh
# What `plan` foretells of an update's time against what a training then takes: for each coupling,
# with everything kept and within MEMORY. (28: 26 letters, the space, and what was never seen.) Medians of updates after the first two.
# Usage, from the project's root:
#   sh bench/plan-times.sh CELL HIDDEN LANES STEPS UPDATES FOLDER MEMORY COUPLING,...
set -eu
cell=$1 hidden=$2 lanes=$3 steps=$4 updates=$5 folder=$6 memory=$7 couplings=$8
mkdir -p "$folder"
text=$folder/text.txt
awk -v n=$((3 * steps * lanes + lanes + 1)) 'BEGIN {
  srand(1)
  for (i = 0; i < n; i++) printf "%c", (i % 6 == 5) ? 32 : 97 + int(rand() * 26)
}' >"$text"
./lookback plan --cell "$cell" --hidden "$hidden" --batch "$lanes" --steps "$steps" \
  --vocabulary 28 --memory "$memory" --couplings "$couplings" --json >"$folder/plan.json"
echo "coupling | activations, bytes: foretold, counted | seconds an update: foretold, taken | taken/foretold"
sed 's/{"coupling"/\n&/g' "$folder/plan.json" | sed -n \
  's/^{"coupling":"\([^"]*\)".*"peak_activation_bytes":\([0-9]*\),.*"seconds_per_update":\([^,]*\),.*/\1 \2 \3/p' |
  while read -r coupling bytes seconds; do
    [ "$coupling" = "${before:-}" ] && within="--memory $memory" || within=
    before=$coupling
    rm -rf "$folder/run"
    # shellcheck disable=SC2086
    ./lookback train "$text" --split 1,0,0 --cell "$cell" --hidden "$hidden" --batch "$lanes" \
      --steps "$steps" --updates "$updates" --epochs 1000 --coupling "$coupling" $within --json \
      --run "$folder/run" >"$folder/run.json" </dev/null
    counted=$(sed -n 's/.*"peak_activation_bytes":\([0-9]*\).*/\1/p' "$folder/run.json")
    awk -F, 'NR > 3 { print $4 - before } { before = $4 }' "$folder/run/metrics.csv" |
      sort -n | awk -v name="$coupling ${within#--}" -v bytes="$bytes" -v counted="$counted" \
      -v foretold="$seconds" '{ s[NR] = $1 } END {
        taken = s[int((NR + 1) / 2)]
        printf "%s | %d, %d | %.4f, %.4f | %.2f\n", name, bytes, counted, foretold, taken, taken / foretold }'
  done
