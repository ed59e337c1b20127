package main

import (
	"flag"
	"fmt"
	"log"
	"net/http"
	"strconv"
	"time"

	"qlgraph/harvesters"
	"qlgraph/harvesters/demo"
	"qlgraph/harvesters/formats"
)

func main() {
	format := flag.String("format", "ooapi", "elm, ooapi, edu-api or occapi")
	courses := flag.Int("courses", 10_000, "number of courses")
	seed := flag.Uint64("seed", 1, "of texts and edits")
	listen := flag.String("listen", "127.0.0.1:9090", "address to serve on")
	flag.Parse()
	known, err := formats.Of(*format)
	if err != nil {
		log.Fatal(err)
	}
	server := &http.Server{Addr: *listen, Handler: handler(known.Name, *listen, demo.NewLoad(known.Name, *seed, *courses)), ReadHeaderTimeout: 5 * time.Second}
	log.Printf("manifest: http://%s/.well-known/quality-link-manifest", *listen)
	log.Fatal(server.ListenAndServe())
}

// handler serves manifest, feed and edits.
func handler(format harvesters.Format, address string, l *demo.Load) http.Handler {
	mux := http.NewServeMux()
	feed := demo.Mounted("/feed", demo.Handler(format, l.Catalogue))
	mux.Handle("/feed", feed)
	mux.Handle("/feed/", feed)
	mux.HandleFunc("/.well-known/quality-link-manifest", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "sources:\n  - {id: load, type: %s, path: 'http://%s/feed'}\n", format, address)
	})
	mux.HandleFunc("POST /edit", func(w http.ResponseWriter, r *http.Request) {
		for _, edit := range []struct {
			name string
			do   func(int)
		}{{"change", l.Change}, {"remove", l.Remove}, {"add", l.Add}} {
			if n, err := strconv.Atoi(r.URL.Query().Get(edit.name)); err == nil && n > 0 {
				edit.do(n)
			}
		}
		fmt.Fprintf(w, "%d courses\n", l.Courses())
	})
	return mux
}
