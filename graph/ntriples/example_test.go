package ntriples_test

import (
	"fmt"
	"strings"

	"qlgraph/graph/ntriples"
)

// A bulk load goes on behind lines that do not conform, and says which they are.
func ExampleDecoder_Skipped() {
	doc := `<http://example.org/1> <http://purl.org/dc/terms/title> "Robotics"@en .
<http://example.org/2> <http://purl.org/dc/terms/title> "Statistics@en .
<http://example.org/3> <http://purl.org/dc/terms/title> "Databases"@en .`
	d := ntriples.NewDecoder(strings.NewReader(doc), ntriples.Options{Lenient: true})
	for q, err := range d.All() {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(q)
	}
	n, first := d.Skipped()
	fmt.Println(n, "skipped:", first[0])
	// Output:
	// <http://example.org/1> <http://purl.org/dc/terms/title> "Robotics"@en .
	// <http://example.org/3> <http://purl.org/dc/terms/title> "Databases"@en .
	// 1 skipped: 2:73: expected the closing quote before the end of the line
}
