package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	maxFileLines     = 800 // a room too large to know one's way in
	maxFunctionLines = 100 // type-switch dispatchers included
)

// environment lists what only the main package may call: everything else gets
// its settings as arguments and returns errors.
var environment = []string{"os.Getenv", "os.LookupEnv", "os.Environ", "os.Exit"}

func eachFile(t *testing.T, visit func(p goPackage, name string, fset *token.FileSet, f *ast.File)) {
	t.Helper()
	for _, p := range listPackages(t) {
		for _, name := range p.GoFiles {
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			visit(p, p.rel()+"/"+name, fset, f)
		}
	}
}

func TestSizes(t *testing.T) {
	eachFile(t, func(_ goPackage, name string, fset *token.FileSet, f *ast.File) {
		if lines := fset.File(f.Pos()).LineCount(); lines > maxFileLines {
			t.Errorf("%s has %d lines, more than %d", name, lines, maxFileLines)
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				continue
			}
			if n := fset.Position(fn.End()).Line - fset.Position(fn.Pos()).Line + 1; n > maxFunctionLines {
				t.Errorf("%s: %s has %d lines, more than %d", name, fn.Name.Name, n, maxFunctionLines)
			}
		}
	})
}

func TestEnvironmentOnlyInMain(t *testing.T) {
	eachFile(t, func(p goPackage, name string, _ *token.FileSet, f *ast.File) {
		if below(p.rel(), []string{"cmd"}) || below(p.rel(), testOnly) {
			return
		}
		ast.Inspect(f, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && slices.Contains(environment, pkg.Name+"."+sel.Sel.Name) {
				t.Errorf("%s calls %s.%s", name, pkg.Name, sel.Sel.Name)
			}
			return true
		})
	})
}

func TestNoInit(t *testing.T) {
	eachFile(t, func(_ goPackage, name string, _ *token.FileSet, f *ast.File) {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has an init function", name)
			}
		}
	})
}

func TestPackageDocs(t *testing.T) {
	for _, p := range listPackages(t) {
		if len(p.GoFiles) == 0 {
			continue
		}
		doc := filepath.Join(p.Dir, "doc.go")
		if _, err := os.Stat(doc); err != nil {
			t.Errorf("%s has no doc.go", p.rel())
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), doc, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if f.Doc.Text() == "" {
			t.Errorf("%s: doc.go has no package comment", p.rel())
		}
	}
}

// selfEvident are the methods whose contract is the standard library's.
var selfEvident = []string{"Error", "Unwrap"}

func TestExportedDocs(t *testing.T) {
	eachFile(t, func(p goPackage, name string, _ *token.FileSet, f *ast.File) {
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if d.Name.IsExported() && exportedReceiver(d) && d.Doc.Text() == "" && !slices.Contains(selfEvident, d.Name.Name) {
					t.Errorf("%s: %s has no comment", name, d.Name.Name)
				}
			case *ast.GenDecl:
				undocumentedSpecs(d, func(ident string) { t.Errorf("%s: %s has no comment", name, ident) })
			}
		}
	})
}

func exportedReceiver(fn *ast.FuncDecl) bool {
	if fn.Recv == nil {
		return true
	}
	typ := fn.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if index, ok := typ.(*ast.IndexExpr); ok {
		typ = index.X
	}
	ident, ok := typ.(*ast.Ident)
	return ok && ident.IsExported()
}

// undocumentedSpecs accepts a comment on the group for constants and variables.
func undocumentedSpecs(d *ast.GenDecl, report func(string)) {
	for _, spec := range d.Specs {
		switch s := spec.(type) {
		case *ast.TypeSpec:
			if s.Name.IsExported() && d.Doc.Text() == "" && s.Doc.Text() == "" {
				report(s.Name.Name)
			}
		case *ast.ValueSpec:
			for _, ident := range s.Names {
				if ident.IsExported() && d.Doc.Text() == "" && s.Doc.Text() == "" && s.Comment.Text() == "" {
					report(ident.Name)
				}
			}
		}
	}
}

// TestNamesThatSayNothing refuses packages named for being shared.
func TestNamesThatSayNothing(t *testing.T) {
	for _, p := range listPackages(t) {
		last := p.rel()[strings.LastIndexByte(p.rel(), '/')+1:]
		if slices.Contains([]string{"util", "utils", "helper", "helpers", "common", "base", "misc", "manager", "types"}, last) {
			t.Errorf("package %s: the name does not say what it provides", p.rel())
		}
	}
}
