package archtest

import (
	"bytes"
	"encoding/json"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "qlgraph"

// layers, from the bottom: a package may import its own layer and those before.
var layers = []string{"internal", "graph", "ontology", "sparql", "shapes", "harvesters", "web", "cmd"}

// testOnly are imported by tests alone, and may therefore import what they test with.
var testOnly = []string{"internal/archtest", "internal/corpus", "internal/golden", "internal/external", "internal/w3ctest", "graph/graphtest", "sparql/internal/querygen", "sparql/internal/reference", "harvesters/lifting/lifttest"}

// reserved names who may import a package: the listed packages and what is below them.
var reserved = map[string][]string{
	"go.etcd.io/bbolt":                {"graph/store"},
	"net/http":                        {"internal/problem", "sparql/protocol", "harvesters/discover", "harvesters/fetch", "harvesters/demo", "web", "cmd"},
	"github.com/labstack/echo/v4":     {"web/server"},
	"github.com/piprate/json-gold/ld": {"graph/jsonld"},
	"github.com/alecthomas/kong":      {"cmd"},
	"log/slog":                        {"harvesters", "web", "cmd"},
	"log":                             {"cmd"},
	"github.com/prometheus/client_golang/prometheus": {"web/server"},
}

// contractOnly packages see nothing of storage but the graph contract.
var contractOnly = []string{"sparql", "shapes"}

var storage = []string{"graph/store"}

type goPackage struct {
	ImportPath   string
	Dir          string
	GoFiles      []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// rel is the import path below the module, "" for the root.
func (p goPackage) rel() string {
	return strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Dir,GoFiles,Imports,TestImports,XTestImports", module+"/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.Bytes())
	}
	var pkgs []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := dec.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		pkgs = append(pkgs, p)
	}
	if len(pkgs) < 10 {
		t.Fatalf("go list found %d packages; the rules would pass on nothing", len(pkgs))
	}
	return pkgs
}

func below(path string, roots []string) bool {
	return slices.ContainsFunc(roots, func(root string) bool {
		return path == root || strings.HasPrefix(path, root+"/")
	})
}

func layerOf(rel string) int {
	top, _, _ := strings.Cut(rel, "/")
	return slices.Index(layers, top)
}

func TestLayers(t *testing.T) {
	for _, p := range listPackages(t) {
		from := layerOf(p.rel())
		if from < 0 {
			t.Errorf("%s belongs to no layer", p.ImportPath)
			continue
		}
		if below(p.rel(), testOnly) {
			continue
		}
		for _, imp := range p.Imports {
			dep, ok := strings.CutPrefix(imp, module+"/")
			if !ok {
				continue
			}
			if layerOf(dep) > from {
				t.Errorf("%s imports %s, a higher layer", p.rel(), dep)
			}
			if below(dep, testOnly) {
				t.Errorf("%s imports %s, which is for tests", p.rel(), dep)
			}
			if below(p.rel(), contractOnly) && below(dep, storage) {
				t.Errorf("%s imports %s: it may know the graph contract only", p.rel(), dep)
			}
		}
	}
}

// TestContractsStandAlone keeps the two contract packages free of what implements them.
func TestContractsStandAlone(t *testing.T) {
	allowed := map[string][]string{
		"graph":      {"graph/rdf", "graph/xsd"},
		"graph/rdf":  {},
		"harvesters": {"graph/rdf"},
	}
	for _, p := range listPackages(t) {
		may, ok := allowed[p.rel()]
		if !ok {
			continue
		}
		for _, imp := range p.Imports {
			if dep, ours := strings.CutPrefix(imp, module+"/"); ours && !slices.Contains(may, dep) {
				t.Errorf("%s is a contract and imports %s", p.rel(), dep)
			}
		}
	}
}

func TestReservedImports(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, imp := range p.Imports {
			if by, ok := reserved[imp]; ok && !below(p.rel(), by) && !below(p.rel(), testOnly) {
				t.Errorf("%s imports %s, which only %v may", p.rel(), imp, by)
			}
		}
	}
}
