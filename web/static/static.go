package static

import (
	"embed"
	"net/http"
)

//go:embed style.css
var files embed.FS

// Path is where Handler expects to be mounted.
const Path = "/static/"

// Handler serves the files below Path. They change only with the program, so a
// client may keep them for an hour.
func Handler() http.Handler {
	fs := http.StripPrefix(Path, http.FileServerFS(files))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		fs.ServeHTTP(w, r)
	})
}
