package turtle_test

import (
	"fmt"
	"os"
	"strings"

	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
)

func ExampleDecoder() {
	doc := `
		PREFIX dct: <http://purl.org/dc/terms/>
		<#1> a <#Course> ; dct:title "Robotica"@it, "Robotics"@en .`
	for q, err := range turtle.NewDecoder(strings.NewReader(doc), turtle.Options{Base: "http://example.org/courses"}).All() {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(q)
	}
	// Output:
	// <http://example.org/courses#1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/courses#Course> .
	// <http://example.org/courses#1> <http://purl.org/dc/terms/title> "Robotica"@it .
	// <http://example.org/courses#1> <http://purl.org/dc/terms/title> "Robotics"@en .
}

func ExampleDecoder_error() {
	_, err := turtle.NewDecoder(strings.NewReader("<http://example.org/a>\n  <http://example.org/b> ."), turtle.Options{}).Next()
	fmt.Println(err)
	// Output: 2:26: expected an object, found '.'
}

func ExampleEncoder() {
	course := rdf.IRI("http://example.org/course/1")
	credit := rdf.Blank("b0")
	e := turtle.NewEncoder(os.Stdout, turtle.EncoderOptions{Prefixes: map[string]string{
		"ex":  "http://example.org/ns#",
		"xsd": rdf.XSD,
	}})
	for _, q := range []rdf.Quad{
		rdf.Triple(course, rdf.IRI("http://example.org/ns#credit"), credit),
		rdf.Triple(credit, rdf.IRI("http://example.org/ns#points"), rdf.TypedLiteral("7.5", rdf.XSDDecimal)),
		rdf.Triple(credit, rdf.IRI("http://example.org/ns#system"), rdf.IRI("http://example.org/ns#ECTS")),
		rdf.Triple(course, rdf.IRI(rdf.RDFType), rdf.IRI("http://example.org/ns#Course")),
	} {
		if err := e.Encode(q); err != nil {
			fmt.Println(err)
		}
	}
	if err := e.Close(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// @prefix ex: <http://example.org/ns#> .
	//
	// <http://example.org/course/1> a ex:Course ;
	//     ex:credit [
	//         ex:points 7.5 ;
	//         ex:system ex:ECTS
	//     ] .
}
