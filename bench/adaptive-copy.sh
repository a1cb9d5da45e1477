#!/bin/sh
# Fixed lengths against adaptive ones on copying from a stream, as many updates each, in the manner
# of Aicher, Foti and Fox 2019 (two layers of 50 LSTM units, 64 lanes, SGD). Their learning rate
# grows with the square root of K; here it is one for all, because an adaptive K would change it.
# Usage, from the project's root: sh bench/adaptive-copy.sh [UPDATES] [FOLDER]
set -eu
updates=${1:-3000}
folder=${2:-adaptive-copy}
mkdir -p "$folder"
for task in 'copy-stream?m=10' 'copy-stream?min=5,max=10'; do
  for coupling in every-loss-at-least:5 every-loss-at-least:10 every-loss-at-least:15 \
    every-loss-at-least:20 every-loss-at-least:30 \
    adaptive:0.9,max=100 adaptive:0.5,max=100 adaptive:0.1,max=100; do
    name=$(printf '%s-%s' "$task" "$coupling" | tr -c 'a-z0-9.\n' '-')
    ./lookback train "task:$task" --cell lstm --layers 2 --hidden 50 --batch 64 --stride own \
      --optimizer sgd --lr 1 --clip 1 --weight-decay 0.00001 \
      --coupling "$coupling" --updates "$updates" --json --run "$folder/$name"
  done
done
