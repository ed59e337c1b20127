package discover_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/fetch"
	"qlgraph/internal/loopdns"
	"qlgraph/internal/netguard"
)

func TestHosts(t *testing.T) {
	for _, test := range []struct{ schac, website, want string }{
		{"uni-a.example", "https://www.uni-a.example", "uni-a.example www.uni-a.example"},
		{"", "https://user:pw@www.cs.Uni-A.example:8443/en", "www.cs.uni-a.example cs.uni-a.example uni-a.example"},
		{"", "http://www2.uni.ac.at/", "www2.uni.ac.at uni.ac.at"},
		{"", "https://ac.at", ""},
		{"", "https://www.ac.uk", "www.ac.uk"},
		{"tuni.fi", "awww.tuni.fi", "tuni.fi awww.tuni.fi"},
		{"", "https://www.hochschule-münchen.example", "www.xn--hochschule-mnchen-e3b.example xn--hochschule-mnchen-e3b.example"},
		{"127.0.0.1", "http://[::1]/", ""},
		{"localhost", "", ""},
		{"uni-a.example.", "UNI-A.example", "uni-a.example"},
		{"", "not a host", ""},
	} {
		if got := strings.Join(discover.Hosts(test.schac, test.website), " "); got != test.want {
			t.Errorf("%q %q: %q, want %q", test.schac, test.website, got, test.want)
		}
	}
}

func TestParseTXT(t *testing.T) {
	for record, want := range map[string]string{
		"v=qldiscover1; m=https://a.example/m":                 "https://a.example/m",
		"v=qldiscover1;m=https://a.example/m?x=1&m=2&v=3":      "https://a.example/m?x=1&m=2&v=3",
		" V = qldiscover1 ; M = https://a.example/m ; ttl=60 ": "https://a.example/m",
		"m=https://a.example/m; v=qldiscover1":                 "https://a.example/m",
		"v=qldiscover1; m=[https://a.example/m]":               "https://a.example/m",
		"v=spf1 include:x; m=https://a.example/m":              "",
		"m=https://a.example/m":                                "",
		"v=qldiscover2; m=https://a.example/m":                 "",
		"google-site-verification=m=abc":                       "",
		"v=qldiscover1":                                        "error",
		"v=qldiscover1; m=/manifest.json":                      "error",
		"v=qldiscover1; m=file:///etc/passwd":                  "error",
	} {
		got, _, err := discover.ParseTXT(record)
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", record, got, want)
		}
	}
}

const manifest = `{"sources": [{"type": "elm", "path": "https://a.example/courses.ttl"}]}`

// world is a DNS zone and the web servers of its hosts, on loopback. The port
// 443 of each is closed unless a route is set.
type world struct {
	zone   loopdns.Zone
	routes map[string]string
}

func (w *world) host(t *testing.T, name string, paths map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := paths[r.URL.Path]
		if !ok {
			body, ok = paths["*"]
		}
		if !ok {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	if _, ok := w.zone[name]; !ok {
		w.zone[name] = loopdns.Records{A: [4]byte{127, 0, 0, 1}}
	}
	w.routes[name+":443"] = ""
	w.routes[name+":80"] = server.Listener.Addr().String()
	return server.URL
}

func newWorld() *world { return &world{zone: loopdns.Zone{}, routes: map[string]string{}} }

func (w *world) discover(t *testing.T, in discover.Institution) *discover.Report {
	t.Helper()
	dns, err := loopdns.Listen(w.zone)
	if err != nil {
		t.Fatal(err)
	}
	defer dns.Close()
	network := netguard.New(netguard.Config{AllowPrivate: true, Resolver: dns.Addr(), Routes: w.routes})
	finder := &discover.Finder{Client: fetch.New(fetch.Config{Network: network}), Resolver: network.Resolver()}
	report, err := finder.Discover(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// outline is the probes of a report in short.
func outline(r *discover.Report) []string {
	var lines []string
	for _, p := range r.Probes {
		where := p.Host
		if p.URL != "" {
			where = strings.Replace(p.URL, "/.well-known/quality-link-manifest", "/*", 1)
		}
		lines = append(lines, fmt.Sprintf("%s %s %s", p.Method, where, p.Outcome))
	}
	return lines
}

func TestDiscoveryOrder(t *testing.T) {
	w := newWorld()
	w.host(t, "uni-a.example", nil)
	w.host(t, "www.uni-a.example", map[string]string{"/.well-known/quality-link-manifest.yaml": "sources: [{type: elm, path: 'https://a.example/'}]"})
	report := w.discover(t, discover.Institution{SCHAC: "uni-a.example", Website: "https://www.uni-a.example/"})
	want := []string{
		"dns uni-a.example none",
		"well-known https://uni-a.example/* failed",
		"well-known http://uni-a.example/* none",
		"well-known http://uni-a.example/*.json none",
		"well-known http://uni-a.example/*.yaml none",
		"dns www.uni-a.example none",
		"well-known https://www.uni-a.example/* failed",
		"well-known http://www.uni-a.example/* none",
		"well-known http://www.uni-a.example/*.json none",
		"well-known http://www.uni-a.example/*.yaml found",
	}
	if got := outline(report); !slices.Equal(got, want) {
		t.Errorf("probes:\n%s", strings.Join(got, "\n"))
	}
	if report.Manifest == nil || len(report.Manifest.Sources) != 1 {
		t.Errorf("manifest: %+v", report.Manifest)
	}
}

func TestDiscoveryByTXT(t *testing.T) {
	w := newWorld()
	url := w.host(t, "files.example", map[string]string{"/m": manifest})
	w.zone["uni-a.example"] = loopdns.Records{TXT: []string{
		"v=spf1 -all", "v=qldiscover1; m=" + url + "/gone", "v=qldiscover1; m=" + url + "/m?" + strings.Repeat("x", 300)}}
	report := w.discover(t, discover.Institution{SCHAC: "uni-a.example"})
	if report.Manifest == nil {
		t.Fatalf("not found: %q", outline(report))
	}
	if !strings.Contains(report.Probes[0].Detail, "2 discovery records") {
		t.Errorf("the ambiguity is not reported: %+v", report.Probes[0])
	}
	if len(report.Manifest.URL) < 300 {
		t.Errorf("the record was cut: %s", report.Manifest.URL)
	}
}

func TestSoft404IsNoManifest(t *testing.T) {
	w := newWorld()
	w.host(t, "uni-a.example", map[string]string{"*": "<!DOCTYPE html><title>Seite nicht gefunden</title>"})
	w.host(t, "www.uni-a.example", map[string]string{"/.well-known/quality-link-manifest": manifest})
	report := w.discover(t, discover.Institution{SCHAC: "uni-a.example", Website: "www.uni-a.example"})
	if report.Manifest == nil {
		t.Fatalf("the search ended at a soft 404: %q", outline(report))
	}
	if p := report.Probes[2]; p.Outcome != discover.Rejected || !strings.Contains(p.Detail, "web page") {
		t.Errorf("the soft 404: %+v", p)
	}
}

func TestNoRecordIsNotDNSFailure(t *testing.T) {
	w := newWorld()
	w.zone["broken.example"] = loopdns.Records{Fail: true}
	w.zone["quiet.example"] = loopdns.Records{}
	for domain, test := range map[string]struct {
		outcome    discover.Outcome
		conclusive bool
	}{
		"broken.example":  {discover.Failed, false},
		"missing.example": {discover.None, false}, // the host has no address either
		"quiet.example":   {discover.None, false},
	} {
		report := w.discover(t, discover.Institution{SCHAC: domain})
		if got := report.Probes[0].Outcome; got != test.outcome {
			t.Errorf("%s: %s, want %s (%s)", domain, got, test.outcome, report.Probes[0].Detail)
		}
		if report.Manifest != nil || report.Conclusive() != test.conclusive {
			t.Errorf("%s: conclusive %v", domain, report.Conclusive())
		}
	}
}

func TestManifestAddressesAreGuarded(t *testing.T) {
	w := newWorld()
	w.zone["uni-a.example"] = loopdns.Records{TXT: []string{"v=qldiscover1; m=http://169.254.169.254/latest"}}
	report := w.discover(t, discover.Institution{SCHAC: "uni-a.example"})
	if p := report.Probes[1]; p.Outcome != discover.Failed || !strings.Contains(p.Detail, "refused to connect") {
		t.Errorf("%+v", p)
	}
}

func TestOversizedManifest(t *testing.T) {
	w := newWorld()
	w.host(t, "uni-a.example", map[string]string{"*": manifest + strings.Repeat(" ", 1<<20)})
	report := w.discover(t, discover.Institution{SCHAC: "uni-a.example"})
	if report.Manifest != nil || !strings.Contains(report.Reason(), "more than 1 MiB") {
		t.Errorf("%s", report.Reason())
	}
}

func TestGivenManifestSkipsDiscovery(t *testing.T) {
	w := newWorld()
	url := w.host(t, "uni-a.example", map[string]string{"/m": manifest})
	report := w.discover(t, discover.Institution{SCHAC: "uni-a.example", Manifest: url + "/m"})
	if report.Manifest == nil || len(report.Probes) != 1 {
		t.Errorf("%q", outline(report))
	}
}

// A *net.Resolver is what production uses.
var _ discover.Resolver = (*net.Resolver)(nil)
