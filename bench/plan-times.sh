#!/bin/sh
# What `plan` foretells of an update's time against what a training then takes: for each coupling,
# with everything kept and, where that is more, within MEMORY. Each training follows its own plan,
# as a shared machine is another one a minute later. Medians of updates after the first two.
# Usage, from the project's root:
#   sh bench/plan-times.sh CELL HIDDEN LANES STEPS UPDATES FOLDER MEMORY COUPLING...
set -eu
cell=$1 hidden=$2 lanes=$3 steps=$4 updates=$5 folder=$6 memory=$7
shift 7
mkdir -p "$folder"
text=$folder/text.txt
awk -v n=$(((updates + 1) * (steps + 1) * lanes)) 'BEGIN {
  srand(1)
  for (i = 0; i < n; i++) printf "%c", (i % 6 == 5) ? 32 : 97 + int(rand() * 26)
}' >"$text"
# The number NAME of the Nth object that has it.
field() { grep -o '"'"$1"'":[0-9.eE-]*' "$3" | sed -n "$2s/.*://p"; }
echo "coupling | activations, bytes: foretold, counted | seconds an update: foretold, taken | taken/foretold"
for coupling; do
  for n in 1 2; do
    # 28 symbols: 26 letters, the space, and one for what the text does not have.
    ./lookback plan --cell "$cell" --hidden "$hidden" --batch "$lanes" --steps "$steps" \
      --vocabulary 28 --memory "$memory" --couplings "$coupling" --json >"$folder/plan.json"
    foretold=$(field seconds_per_update $n "$folder/plan.json")
    [ -n "$foretold" ] || continue
    [ $n = 1 ] && within= || within="--memory $memory"
    rm -rf "$folder/run"
    # shellcheck disable=SC2086
    ./lookback train "$text" --split 1,0,0 --cell "$cell" --hidden "$hidden" --batch "$lanes" \
      --steps "$steps" --updates "$updates" --coupling "$coupling" $within --json \
      --run "$folder/run" >"$folder/run.json"
    taken=$(awk -F, 'NR > 3 { print ($4 - before) / ($1 - update) }
      { before = $4; update = $1 }' "$folder/run/metrics.csv" |
      sort -n | awk '{ s[NR] = $1 } END { print s[int((NR + 1) / 2)] }')
    awk -v name="$coupling ${within#--memory }" -v foretold="$foretold" -v taken="$taken" \
      -v bytes="$(field peak_activation_bytes $n "$folder/plan.json")" \
      -v counted="$(field peak_activation_bytes 1 "$folder/run.json")" 'BEGIN {
        printf "%s | %d, %d | %.4f, %.4f | %.2f\n", name, bytes, counted, foretold, taken,
          taken / foretold }'
  done
done
