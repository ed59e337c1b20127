package profile_test

import (
	"context"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/graph/turtle"
	"qlgraph/shapes/profile"
)

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		profile.New()
	}
}

// A batch of courses, as a harvest validates them.
func BenchmarkValidateCourses(b *testing.B) {
	const courses = 500
	var data []rdf.Quad
	p := profile.New()
	for i := range courses {
		text := strings.ReplaceAll(complete, ":c", ":c"+strings.Repeat("x", i%7)+string(rune('a'+i%26)))
		for q, err := range turtle.NewDecoder(strings.NewReader(text), turtle.Options{}).All() {
			if err != nil {
				b.Fatal(err)
			}
			data = append(data, q)
		}
	}
	for _, n := range []int{1, courses} {
		part := data[:n*len(data)/courses]
		b.Run(map[bool]string{true: "one", false: "batch"}[n == 1], func(b *testing.B) {
			for b.Loop() {
				if _, err := p.Validate(context.Background(), part, nil, profile.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
