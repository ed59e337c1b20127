package dumps

import (
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Names in the directory of dumps.
const (
	currentName   = "current"
	editionPrefix = "edition-"
	deltaDir      = "deltas"
	indexName     = "index.json"
	sumsName      = "SHA256SUMS"

	wholeStem = "qualitylink"
	wholeName = wholeStem + nquadsEnding
)

// Endings of the files of a collection.
const (
	nquadsEnding = ".nq.gz"
	turtleEnding = ".ttl.gz"
	linesEnding  = ".jsonl.gz"
	tableEnding  = ".csv.gz"
)

// Edition is the dumps of one version of the dataset.
type Edition struct {
	Issued      time.Time    `json:"issued"`
	Version     uint64       `json:"version"` // of the dataset
	BaseIRI     string       `json:"baseIRI"`
	Collections []Collection `json:"collections"` // the whole, providers by code, alliances by id
}

// The kinds of collections.
const (
	Whole    = "whole"
	Provider = "provider"
	Alliance = "alliance"
)

// Collection is the whole dataset or a share of it.
type Collection struct {
	Kind      string            `json:"kind"`
	ID        string            `json:"id,omitempty"`        // SCHAC code or alliance id, "" for the whole
	Names     map[string]string `json:"names,omitempty"`     // by language tag
	Providers []string          `json:"providers,omitempty"` // the members of an alliance
	License   string            `json:"license"`             // IRI
	Courses   int64             `json:"courses"`
	Files     []File            `json:"files"`
}

// File is a file of a Collection. All are compressed with gzip.
type File struct {
	Path      string `json:"path"`      // in the edition, "provider/uni.example.ttl.gz"
	MediaType string `json:"mediaType"` // of what is compressed
	Bytes     int64  `json:"bytes"`
	SHA256    string `json:"sha256"` // hexadecimal, of the compressed file
	Items     int64  `json:"items"`  // statements, or courses
}

// Delta is what changed from one edition to the next, as an RDF Patch
// (https://afs.github.io/rdf-patch/): applied to the quads of From it gives those
// of To. From and To are SHA-256 digests of the whole dataset as N-Quads,
// compressed, as in the index.
type Delta struct {
	Path    string    `json:"path"` // in the directory of dumps
	Issued  time.Time `json:"issued"`
	From    string    `json:"from"`
	To      string    `json:"to"`
	Added   int64     `json:"added"`
	Removed int64     `json:"removed"`
	Bytes   int64     `json:"bytes"`
	SHA256  string    `json:"sha256"`
}

// Current returns the newest edition in dir and the directory that has its files;
// nil where nothing was published yet.
func Current(dir string) (*Edition, string, error) {
	root, err := filepath.EvalSymlinks(filepath.Join(dir, currentName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	var e Edition
	if err := readJSON(filepath.Join(root, indexName), &e); err != nil {
		return nil, "", err
	}
	return &e, root, nil
}

// Deltas returns the deltas in dir, the newest first.
func Deltas(dir string) ([]Delta, error) {
	names, err := filepath.Glob(filepath.Join(dir, deltaDir, "*.json"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	slices.Reverse(names)
	deltas := make([]Delta, len(names))
	for i, name := range names {
		if err := readJSON(name, &deltas[i]); err != nil {
			return nil, err
		}
	}
	return deltas, nil
}

// Languages returns the languages in which the collection has a name, sorted.
func (c *Collection) Languages() []string { return slices.Sorted(maps.Keys(c.Names)) }

// files returns the files of all collections.
func (e *Edition) files() []File {
	var files []File
	for _, c := range e.Collections {
		files = append(files, c.Files...)
	}
	return files
}

// quads returns the digest of the whole dataset as N-Quads.
func (e *Edition) quads() string {
	if f := e.Collections[0].file(nquadsEnding); f != nil {
		return f.SHA256
	}
	return ""
}

// file returns the collection's file with the ending, nil where it has none.
func (c *Collection) file(ending string) *File {
	i := slices.IndexFunc(c.Files, func(f File) bool { return strings.HasSuffix(f.Path, ending) })
	if i < 0 {
		return nil
	}
	return &c.Files[i]
}

func readJSON(name string, into any) error {
	body, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}
