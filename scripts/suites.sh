#!/bin/sh
# Fetches the W3C test suites at the commits that the pinned counts belong to,
# laid out as the tests expect them: rdf/ sparql/ shacl/ json-ld/.
set -eu
dest=${1:?usage: suites.sh DIRECTORY}
mkdir -p "$dest"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() { # fetch REPOSITORY COMMIT
  git clone -q --filter=blob:none --no-checkout "https://github.com/w3c/$1.git" "$work/$1"
  git -C "$work/$1" checkout -q "$2"
}

fetch rdf-tests ad541a5f
fetch data-shapes ff9edb9c
fetch json-ld-api 92f07705
fetch json-ld-framing 3bf782ba

rm -rf "$dest/rdf" "$dest/sparql" "$dest/shacl" "$dest/json-ld"
mkdir -p "$dest/rdf" "$dest/sparql" "$dest/json-ld"
cp -R "$work/rdf-tests/rdf/rdf11" "$dest/rdf/"
cp -R "$work/rdf-tests/sparql/sparql11" "$dest/sparql/"
cp -R "$work/data-shapes/data-shapes-test-suite/tests" "$dest/shacl"
cp -R "$work/json-ld-api/tests" "$dest/json-ld/api"
cp -R "$work/json-ld-framing/tests" "$dest/json-ld/framing"
