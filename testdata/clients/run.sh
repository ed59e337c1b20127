#!/bin/sh
# Asks a running qlgraph with the clients that people have. Usage: run.sh BINARY
set -u
here=$(cd "$(dirname "$0")" && pwd)
binary=$1
work=$(mktemp -d)
TOKEN=of-the-clients
PYTHONDONTWRITEBYTECODE=1
export TOKEN PYTHONDONTWRITEBYTECODE

: >"$work/log"
QLGRAPH_ADMIN_TOKEN=$TOKEN "$binary" serve --data "$work/data" --listen 127.0.0.1:0 --base-iri http://example.org 2>"$work/log" &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$work"' EXIT INT TERM
URL=
for _ in $(seq 100); do
	URL=$(sed -n 's|.* on \(http://[^/]*\)/$|\1|p' "$work/log")
	[ -n "$URL" ] && break
	sleep 0.1
done
[ -n "$URL" ] || { cat "$work/log"; exit 1; }
export URL

python=
for p in "${PYTHON:-python3}" /usr/bin/python3; do
	"$p" -c 'import rdflib, SPARQLWrapper' 2>/dev/null && { python=$p; break; }
done
comunica=${COMUNICA:-$here}
[ -d "$comunica/node_modules/@comunica/query-sparql" ] || comunica=

failed=0
# fresh puts the graph back as it was before each client.
fresh() {
	curl -sf -X DELETE -H "Authorization: Bearer $TOKEN" "$URL/data?graph=http://example.org/g" -o /dev/null
	curl -sf -X PUT -H "Authorization: Bearer $TOKEN" -H 'Content-Type: text/turtle' --data-binary @"$here/courses.ttl" "$URL/data?default" -o /dev/null
}
client() {
	name=$1
	shift
	echo "== $name"
	fresh
	"$@" >"$work/out" 2>"$work/err" || { echo "FAIL $name ended with $?" >>"$work/out"; tail -5 "$work/err"; }
	cat "$work/out"
	grep -q '^ok' "$work/out" || failed=1
	! grep -q '^FAIL' "$work/out" || failed=1
}
missing() {
	echo "== $1: not installed"
	[ -z "${REQUIRE:-}" ] || failed=1
}

client curl sh "$here/with_curl.sh"
if [ -n "$python" ]; then
	client RDFLib "$python" "$here/with_rdflib.py"
	client SPARQLWrapper "$python" "$here/with_sparqlwrapper.py"
else
	missing "RDFLib, SPARQLWrapper"
fi
if [ -n "$comunica" ] && command -v node >/dev/null; then
	COMUNICA=$comunica client Comunica node "$here/with_comunica.mjs"
else
	missing Comunica
fi
if [ -n "${JENA_CLASSPATH:-}" ]; then
	client Jena sh "$here/with_jena.sh"
else
	missing Jena
fi
exit $failed
