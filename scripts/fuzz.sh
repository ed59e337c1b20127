#!/bin/sh
# Runs every fuzz target of the module for $FUZZ each; stops at the first finding,
# whose input go test has then written to the package's testdata/fuzz.
set -eu
go=${GO:-go}
$go list ./... | while read -r pkg; do
  $go test -list '^Fuzz' "$pkg" | grep '^Fuzz' | while read -r target; do
    echo "== $pkg $target"
    $go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZ:-60s}" -fuzzminimizetime 2s "$pkg"
  done
done
