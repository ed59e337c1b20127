package frame

import (
	"embed"
	"html/template"
	"io/fs"
)

//go:embed templates/frame.html
var files embed.FS

// Page is what the frame shows.
type Page struct {
	Title      string
	Here       string // path of the entry of the navigation that is current, or ""
	Alternates []Alternate
	Navigation []Entry
}

// Alternate is another representation of the page.
type Alternate struct{ MediaType, Href string }

// Entry is one of the navigation.
type Entry struct{ Path, Name string }

// Parse parses the templates of a package together with those of the frame.
func Parse(pages fs.FS, patterns ...string) *template.Template {
	t := template.New("").Funcs(template.FuncMap{"frame": page})
	template.Must(t.ParseFS(files, "templates/frame.html"))
	return template.Must(t.ParseFS(pages, patterns...))
}

func page(title, here string, alternates []Alternate) Page {
	return Page{Title: title, Here: here, Alternates: alternates, Navigation: []Entry{
		{"/sparql", "SPARQL"}, {"/ontology/v1", "Ontology"}, {"/dumps/", "Open data"},
	}}
}
