#!/bin/sh
# Apache Jena's command lines against URL: JENA_CLASSPATH has its jars.
jena() { java -cp "$JENA_CLASSPATH" "$@" 2>&1 | grep -v '^SLF4J'; }

# want NAME PART COMMAND...: a part of the output.
want() {
	name=$1 part=$2
	shift 2
	got=$(jena "$@")
	case $got in
	*"$part"*) echo "ok $name" ;;
	*) echo "FAIL $name: want $part: $(echo "$got" | head -c 300)" ;;
	esac
}

select='PREFIX : <http://example.org/> SELECT ?t { :c3 :next+ ?c . ?c :title ?t } ORDER BY ?t'
for f in text json xml csv tsv; do
	want "rsparql, $f" Chemie arq.rsparql --service "$URL/sparql" --results "$f" "$select"
done
want "rsparql, ASK" Yes arq.rsparql --service "$URL/sparql" 'ASK { ?s ?p 5 }'
want "rsparql, CONSTRUCT" 'c3' arq.rsparql --service "$URL/sparql" 'CONSTRUCT WHERE { ?s <http://example.org/next> ?o }'
want "rsparql, DESCRIBE" 'Physique' arq.rsparql --service "$URL/sparql" 'DESCRIBE <http://example.org/c1>'
want "rsparql, no query" 400 arq.rsparql --service "$URL/sparql?default-graph-uri=a%20b" 'ASK { ?s ?p 5 }'
want "SERVICE from Jena" 日本語 arq.arq "--data=$(dirname "$0")/courses.ttl" "PREFIX : <http://example.org/> SELECT ?t { ?c :credits 1.0e1 SERVICE <$URL/sparql> { ?c :title ?t } }"
want "riot of the graph store" 'Lab' riotcmd.riot --output=nt "$URL/data?default"
want "rupdate without a token" 401 arq.rupdate --service "$URL/update" 'CLEAR ALL'
