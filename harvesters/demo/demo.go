package demo

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"qlgraph/harvesters"
	"qlgraph/harvesters/registry"
	"qlgraph/internal/loopdns"
)

//go:embed testdata
var data embed.FS

// Providers are sample providers at work.
type Providers struct {
	Registry registry.Registry
	Resolver string            // for netguard.Config
	Routes   map[string]string // for netguard.Config
	// Catalogues of the providers, by SCHAC code, to be edited while they serve.
	Catalogues map[string]*Catalogue

	dns     *loopdns.Server
	servers []*http.Server
}

// sample is one of the providers.
type sample struct {
	institution registry.Institution
	format      harvesters.Format
	version     string
	mount       string // path of the source
	wellKnown   string // ending of the manifest's path, "dns" for a TXT record
	file        string // under testdata
}

func samples() []sample {
	institution := func(schac, country, city, eter string, names map[string]string) registry.Institution {
		return registry.Institution{Provider: harvesters.Provider{SCHAC: schac, Names: names, ETER: eter, Website: "https://www." + schac}, Country: country, City: city}
	}
	return []sample{
		{institution("hs-alpenblick.example", "AT", "Alpenblick", "AT9901", map[string]string{"de": "Hochschule Alpenblick", "en": "Alpenblick University of Applied Sciences"}),
			harvesters.ELM, "", "/lehre/kurse.ttl", "dns", "elm.ttl"},
		{institution("uni-waterland.example", "NL", "Waterland", "NL9902", map[string]string{"nl": "Universiteit Waterland", "en": "Waterland University"}),
			harvesters.OOAPI, "5.0", "/ooapi/v5", ".json", "ooapi.json"},
		{institution("fjorduniversitetet.example", "NO", "Fjordby", "NO9903", map[string]string{"nb": "Fjorduniversitetet", "en": "Fjord University"}),
			harvesters.EduAPI, "1.0", "/ims/eduapi/base/v1p0", ".yaml", "eduapi.json"},
		{institution("akademia-bursztyn.example", "PL", "Bursztyn", "PL9904", map[string]string{"pl": "Akademia Bursztynowa", "en": "Amber Academy"}),
			harvesters.OCCAPI, "", "/occapi/v2/hei/akademia-bursztyn.example", "", "occapi.json"},
	}
}

// Start brings the sample providers up. They serve until ctx ends or Close.
func Start(ctx context.Context) (*Providers, error) {
	p := &Providers{Routes: map[string]string{}, Catalogues: map[string]*Catalogue{}}
	zone := loopdns.Zone{}
	for _, s := range samples() {
		if err := p.start(s, zone); err != nil {
			return nil, errors.Join(fmt.Errorf("sample provider %s: %w", s.institution.SCHAC, err), p.Close())
		}
	}
	p.Registry.Alliances = []registry.Alliance{{
		ID: "INT9900", Names: map[string]string{"en": "Sample Alliance"},
		Members: []string{"hs-alpenblick.example", "uni-waterland.example", "fjorduniversitetet.example", "akademia-bursztyn.example"},
	}}
	dns, err := loopdns.Listen(zone)
	if err != nil {
		return nil, errors.Join(err, p.Close())
	}
	p.dns, p.Resolver = dns, dns.Addr()
	context.AfterFunc(ctx, func() { p.Close() })
	return p, nil
}

// Close stops servers and resolver. It may be called twice.
func (p *Providers) Close() error {
	var errs []error
	for _, s := range p.servers {
		errs = append(errs, s.Close())
	}
	if p.dns != nil {
		if err := p.dns.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// start serves one provider and enters its host into the zone and the routes.
func (p *Providers) start(s sample, zone loopdns.Zone) error {
	catalogue, err := load(s)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	schac := s.institution.SCHAC
	address := listener.Addr().String()
	records := loopdns.Records{A: [4]byte{127, 0, 0, 1}}
	manifest := "/.well-known/quality-link-manifest" + s.wellKnown
	if s.wellKnown == "dns" {
		manifest = "/quality-link.yaml"
		records.TXT = []string{"v=qldiscover1; m=http://" + address + manifest}
	}
	zone[schac] = records
	// What is not a sample provider's does not answer, whatever else listens on
	// this machine.
	p.Routes[schac+":443"], p.Routes["www."+schac+":443"] = "", ""
	p.Routes[schac+":80"] = address

	mux := http.NewServeMux()
	mux.HandleFunc(manifest, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain") // as many servers do
		fmt.Fprint(w, s.manifest("http://"+address))
	})
	feed := Mounted(s.mount, Handler(s.format, catalogue))
	mux.Handle(s.mount, feed)
	mux.Handle(s.mount+"/", feed)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go server.Serve(listener) // ends with Close
	p.servers = append(p.servers, server)
	p.Registry.Institutions = append(p.Registry.Institutions, s.institution)
	p.Catalogues[schac] = catalogue
	return nil
}

// manifest writes the manifest, in YAML or JSON.
func (s sample) manifest(origin string) string {
	if s.wellKnown == ".yaml" || s.wellKnown == "dns" {
		text := fmt.Sprintf("meta:\n  schac: %s\nsources:\n  - id: courses\n    type: %s\n    path: %s%s\n    refresh: 12\n", s.institution.SCHAC, s.format, origin, s.mount)
		if s.version != "" {
			text += fmt.Sprintf("    version: %s\n", s.version)
		}
		return text
	}
	text, err := json.MarshalIndent(map[string]any{
		"meta":    map[string]any{"schac": s.institution.SCHAC, "eterid": s.institution.ETER},
		"sources": []any{map[string]any{"id": "courses", "type": s.format, "version": s.version, "path": origin + s.mount}},
	}, "", "  ")
	if err != nil {
		panic(err) // strings only
	}
	return string(text)
}

// load reads the sample's file: Turtle as it is, JSON as an object of
// collections.
func load(s sample) (*Catalogue, error) {
	text, err := data.ReadFile("testdata/" + s.file)
	if err != nil {
		return nil, err
	}
	c := NewCatalogue()
	if !strings.HasSuffix(s.file, ".json") {
		c.PutFile(text)
		return c, nil
	}
	var lists map[string][]json.RawMessage
	if err := json.Unmarshal(text, &lists); err != nil {
		return nil, fmt.Errorf("%s: %w", s.file, err)
	}
	for collection, records := range lists {
		c.collection(collection)
		for _, record := range records {
			if err := c.Put(collection, record); err != nil {
				return nil, fmt.Errorf("%s: %w", s.file, err)
			}
		}
	}
	return c, nil
}
