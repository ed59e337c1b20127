#!/bin/sh
# What one types: curl against URL with TOKEN.
auth="Authorization: Bearer $TOKEN"
select='PREFIX : <http://example.org/> SELECT ?t { :c1 :title ?t FILTER(LANG(?t) = "fr") }'
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# want NAME STATUS PART CURL-ARGUMENTS...: the status, and a part of the body or the headers.
want() {
	name=$1 status=$2 part=$3
	shift 3
	got=$(curl -s -D "$out/head" -o "$out/body" -w '%{http_code}' "$@")
	if [ "$got" = "$status" ] && cat "$out/head" "$out/body" | grep -qF -- "$part"; then
		echo "ok $name"
	else
		echo "FAIL $name: $got, want $status with $part: $(head -c 200 "$out/body")"
	fi
}

want "GET" 200 'Physique \"générale\"\nI' -G "$URL/sparql" --data-urlencode "query=$select"
want "POST of a form" 200 '"xml:lang":"fr"' "$URL/sparql" --data-urlencode "query=$select"
want "POST of a query" 200 bindings "$URL/sparql" -H 'Content-Type: application/sparql-query' --data-binary "$select"
want "query in a file" 200 bindings "$URL/sparql" -H 'Content-Type: application/sparql-query' --data-binary @- <<Q
$select
Q
for f in application/sparql-results+json application/sparql-results+xml text/csv text/tab-separated-values; do
	want "$f" 200 "$f" -G "$URL/sparql" -H "Accept: $f" --data-urlencode "query=$select"
done
for f in text/turtle application/n-triples application/rdf+xml application/ld+json application/trig application/n-quads; do
	want "CONSTRUCT as $f" 200 "$f" -G "$URL/sparql" -H "Accept: $f" --data-urlencode 'query=CONSTRUCT WHERE { ?s ?p ?o }'
done
want "compressed" 200 'Content-Encoding: gzip' --compressed -G "$URL/sparql" --data-urlencode 'query=SELECT * { ?s ?p ?o . ?a ?b ?c }'
want "HEAD" 200 'application/sparql-results+json' -I -G "$URL/sparql" --data-urlencode "query=$select"
tag=$(curl -s -I -G "$URL/sparql" --data-urlencode "query=$select" | tr -d '\r' | sed -n 's/^E[Tt]ag: //p')
want "unchanged" 304 "$tag" -G "$URL/sparql" -H "If-None-Match: $tag" --data-urlencode "query=$select"
want "HTTP/2 without TLS" 200 bindings --http2-prior-knowledge -G "$URL/sparql" --data-urlencode "query=$select"
want "service description" 200 'sparql-service-description#' "$URL/sparql"
want "page" 200 'text/html' -H 'Accept: text/html' "$URL/sparql"
want "plan" 200 'estimated' -G "$URL/sparql" --data-urlencode "query=$select" -d explain=1
want "syntax error" 400 '"column":14' -G "$URL/sparql" --data-urlencode 'query=SELECT * { ?s'
want "update" 204 '' -H "$auth" "$URL/update" --data-urlencode 'update=INSERT DATA { <http://example.org/x> <http://example.org/y> 1 }'
want "update, direct" 204 '' -H "$auth" "$URL/update" -H 'Content-Type: application/sparql-update' -d 'DELETE DATA { <http://example.org/x> <http://example.org/y> 1 }'
want "update, Basic" 204 '' -u "any:$TOKEN" "$URL/qualitylink/update" --data-urlencode 'update=INSERT DATA { }'
want "update without a token" 401 'Bearer realm=' "$URL/update" --data-urlencode 'update=CLEAR ALL'
want "PUT of a graph" 201 '' -X PUT -H "$auth" -H 'Content-Type: text/turtle' -d '<http://example.org/a> <http://example.org/b> "c" .' "$URL/data?graph=http://example.org/g"
want "POST to a graph" 204 '' -H "$auth" -H 'Content-Type: application/n-triples' -d '<http://example.org/a> <http://example.org/b> "d" .' "$URL/data?graph=http://example.org/g"
want "GET of a graph" 200 '"d"' -H 'Accept: application/n-triples' "$URL/data?graph=http://example.org/g"
want "DELETE of a graph" 204 '' -X DELETE -H "$auth" "$URL/data?graph=http://example.org/g"
want "GET of no graph" 404 'problem+json' "$URL/data?graph=http://example.org/g"
want "upload of a file" 204 '' -H "$auth" -F 'file=@-;type=text/turtle;filename=a.ttl' "$URL/data?default" <<Q
<http://example.org/a> <http://example.org/b> "e" .
Q
want "as Fuseki" 200 '"e"' -G "$URL/qualitylink/sparql" --data-urlencode 'query=SELECT * { ?s <http://example.org/b> ?o }' -d output=json
