package static

import (
	"embed"
	"net/http"

	"qlgraph/internal/problem"
)

//go:embed style.css built
var files embed.FS

const (
	styleFile  = "style.css"
	editorFile = "built/editor.js"
)

// Editor returns the path of the query editor's script, "" where it was not
// built ("make web").
func Editor() string {
	if _, err := files.Open(editorFile); err != nil {
		return ""
	}
	return Path + editorFile
}

// Path is where Handler expects to be mounted.
const Path = "/static/"

// Handler serves the files below Path. They change only with the program, so a
// client may keep them for an hour.
func Handler() http.Handler {
	fs := http.StripPrefix(Path, http.FileServerFS(files))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != Path+styleFile && r.URL.Path != Path+editorFile { // no listings
			problem.Write(w, r, problem.Details{Status: http.StatusNotFound})
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=3600")
		fs.ServeHTTP(w, r)
	})
}
