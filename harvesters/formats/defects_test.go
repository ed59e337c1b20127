package formats_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// defects lists what harvesters of course data are known to get wrong, and the
// tests that keep this one from it: package directory and test, below harvesters/
// unless it begins with "../".
var defects = []struct {
	defect string
	tests  []string
}{
	{"TXT: only the first string, no version, the wrong m=", []string{"discover.TestParseTXT"}},
	{"every DNS failure is \"no record\"", []string{"discover.TestNoRecordIsNotDNSFailure"}},
	{"manifests from inside our network, of any size, behind any redirect", []string{"discover.TestManifestAddressesAreGuarded", "discover.TestOversizedManifest"}},
	{"YAML refused for its media type or address", []string{"discover.TestManifest"}},
	{"no registrable domain; port and user in hosts; www replaced anywhere", []string{"discover.TestHosts"}},
	{"one mistake loses the whole manifest", []string{"discover.TestManifestMistakes"}},
	{"a ciphertext that cannot be decrypted is sent; only the newest key is tried; plain secrets are stored", []string{"pipeline.TestCredentialsThatCannotBeUsed", "keys.TestRotationByAnotherProcess", "pipeline.TestAccessMatrix"}},
	{"refresh is ignored", []string{"pipeline.TestScheduledRunsKeepTheRefresh", "schedule.TestScheduler"}},
	{"httpsig sources are asked unsigned; the manifest's headers replace the credentials", []string{"fetch.TestSignature", "fetch.TestSecretsStayWithTheirOrigin"}},
	{"tokens are never renewed; no HTTP Basic; the token endpoint is unchecked", []string{"fetch.TestClientCredentials", "fetch.TestTokenEndpointFailures", "fetch.TestPlainTokenEndpointIsRefused"}},
	{"ELM: no conditional request, query parameters ignored", []string{"fetch.TestConditionalRequests", "pipeline.TestSampleProviders"}},
	{"ELM: media types with parameters, JSON that is no JSON-LD, remote contexts", []string{"elm.TestReaderSyntaxes"}},
	{"OCCAPI is not there", []string{"occapi.TestReader", "occapi.TestFixtures"}},
	{"course IRIs change when an institution gets another id", []string{"../ontology/courseid.TestNames"}},
	{"exceptions are swallowed; partial pages are lost", []string{"pipeline.TestTruncatedPageKeepsItsGoodRecords", "pipeline.TestFailingSource"}},
	{"addresses lose their last segment or their query; ids are not escaped", []string{"ooapi.TestReader", "eduapi.TestReader"}},
	{"OOAPI: offerings course by course; a refusal is \"no offerings\"", []string{"ooapi.TestReader", "ooapi.TestReaderFails"}},
	{"OOAPI: version 6 only if it is written \"6\"", []string{"ooapi.TestReader"}},
	{"OOAPI: a list as modeOfDelivery, or an unknown word, loses the source", []string{"ooapi.TestFixtures"}},
	{"OOAPI 6: workload, languages, fields, requirements, offering ids", []string{"ooapi.TestFixtures"}},
	{"English only, and what is not English tagged so", []string{"ooapi.TestFixtures", "eduapi.TestFixtures", "lifting.TestTexts"}},
	{"Edu-API: paging ends at a short page, or never", []string{"eduapi.TestReader", "pipeline.TestHostileFeeds"}},
	{"Edu-API: recordLanguage, decimal commas, date-times", []string{"eduapi.TestFixtures", "lifting.TestDecimal", "lifting.TestDateTime"}},
	{"a course takes along what it links to", []string{"elm.TestFixtures"}},
	{"blank courses and the names of ELM 3.3 are ignored", []string{"elm.TestFixtures"}},
	{"one bad course aborts the source", []string{"pipeline.TestHostileRecords"}},
	{"graphs are written course by course", []string{"pipeline.TestBulkEqualsUpdate"}},
	{"courses that vanish are never removed", []string{"pipeline.TestWithdrawalAndReturn"}},
	{"SHACL is never run", []string{"pipeline.TestSampleProviders"}},
	{"lists of institutions: endless pages, forced English, missing values", []string{"registry.TestLoad", "registry.TestUnusableLists"}},
	{"no Retry-After, no backoff, no limit per host", []string{"fetch.TestRetries", "fetch.TestTwoConnectionsPerHost"}},
	{"providers describe courses of others", []string{"pipeline.TestOwnership", "formats.TestOwner"}},
	{"another's ciphertext opens their secret", []string{"pipeline.TestCiphertextBelongsToItsHost"}},
	{"a soft 404 is taken for a manifest", []string{"discover.TestSoft404IsNoManifest"}},
}

// TestDefects holds the list against the tests: each is there, and says when
// something is wrong.
func TestDefects(t *testing.T) {
	for _, d := range defects {
		if len(d.tests) == 0 {
			t.Errorf("%s: no test", d.defect)
		}
		for _, name := range d.tests {
			dot := strings.LastIndexByte(name, '.')
			if found, asserts := findTest(t, filepath.Join("..", filepath.FromSlash(name[:dot])), name[dot+1:]); !found {
				t.Errorf("%s: there is no test %s", d.defect, name)
			} else if !asserts {
				t.Errorf("%s: the test %s asserts nothing", d.defect, name)
			}
		}
	}
}

// findTest looks for a test in the files of a package, and whether it can fail:
// it, or a function that it hands its t to, calls a method that fails a test.
func findTest(t *testing.T, dir, name string) (found, asserts bool) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file.Name(), "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, file.Name()), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, declaration := range tree.Decls {
			if fn, ok := declaration.(*ast.FuncDecl); ok && fn.Name.Name == name {
				return true, canFail(fn)
			}
		}
	}
	return false, false
}

// canFail reports whether a function fails its test, or hands it on.
func canFail(fn *ast.FuncDecl) (can bool) {
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if method, ok := call.Fun.(*ast.SelectorExpr); ok {
			switch method.Sel.Name {
			case "Error", "Errorf", "Fatal", "Fatalf":
				can = true
			}
		}
		for _, arg := range call.Args {
			if id, ok := arg.(*ast.Ident); ok && id.Name == "t" {
				can = true
			}
		}
		return true
	})
	return can
}
