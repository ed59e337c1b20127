package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"qlgraph/harvesters"
	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/fetch"
	"qlgraph/harvesters/registry"
	"qlgraph/internal/netguard"
)

// Defaults of the settings.
const (
	defaultBaseIRI = "http://data.quality-link.eu"
	defaultListen  = "127.0.0.1:8080"
)

// maxSettings bounds the configuration file.
const maxSettings = 16 << 20

// settings is the configuration file. Every key is optional; flags and the
// environment come before it.
type settings struct {
	Data         string              `yaml:"data"`
	Listen       string              `yaml:"listen"`
	BaseIRI      string              `yaml:"base_iri"`
	DefaultGraph string              `yaml:"default_graph"`
	Network      networkSettings     `yaml:"network"`
	Registry     registry.Lists      `yaml:"registry"`
	Providers    []providerSettings  `yaml:"providers"`
	Alliances    []registry.Alliance `yaml:"alliances"`
	Egress       []string            `yaml:"egress"`
	License      string              `yaml:"license"` // URI of the licence of the data
	Publish      publishSettings     `yaml:"publish"`
	SPARQL       sparqlSettings      `yaml:"sparql"`
	// TrustedProxies are the networks whose X-Forwarded-For is believed.
	TrustedProxies []string `yaml:"trusted_proxies"`

	served bool // they are the server's
}

type networkSettings struct {
	AllowPrivate bool   `yaml:"allow_private"`
	Resolver     string `yaml:"resolver"`
}

// providerSettings is an institution that is managed by hand.
type providerSettings struct {
	SCHAC      string                 `yaml:"schac"`
	Name       map[string]string      `yaml:"name"`
	ETER       string                 `yaml:"eter"`
	DEQAR      string                 `yaml:"deqar"`
	Website    string                 `yaml:"website"`
	Formerly   []string               `yaml:"formerly"` // SCHAC codes that it had before
	Manifest   string                 `yaml:"manifest"`
	OAuth      []registry.OAuthClient `yaml:"oauth"`
	Class      harvesters.Class       `yaml:"class"`
	Indicators []string               `yaml:"indicators"`
	License    string                 `yaml:"license"` // of what it publishes, where that is another
}

// configFlags are the flags of commands that read the configuration file.
type configFlags struct {
	Config string `help:"Configuration file (YAML)." placeholder:"FILE"`
}

// load reads the file; without one the settings are empty.
func (f configFlags) load(p process) (settings, error) {
	var s settings
	name := p.setting(f.Config, "CONFIG", "", "")
	if name == "" && p.lent != nil {
		return p.lent.settings, nil
	}
	if name == "" {
		return s, nil
	}
	body, err := p.read(name, maxSettings)
	if err != nil {
		return s, err
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(body)))
	decoder.KnownFields(true) // a misspelt key is a mistake, not a comment
	if err := decoder.Decode(&s); err != nil && !errors.Is(err, io.EOF) {
		return s, usageError{fmt.Errorf("%s: %w", name, err)}
	}
	dir := filepath.Dir(p.path(name))
	for _, list := range []*string{&s.Registry.DEQAR, &s.Registry.EWP} {
		if *list != "" && !discover.IsURL(*list) && !filepath.IsAbs(*list) {
			*list = filepath.Join(dir, *list)
		}
	}
	return s, s.complete(dir)
}

// complete reads the secrets that stand in files beside the configuration, and
// refuses what cannot be meant.
func (s *settings) complete(dir string) error {
	for i := range s.Providers {
		provider := &s.Providers[i]
		switch provider.Class {
		case "", harvesters.Own, harvesters.Authoritative, harvesters.ThirdParty:
		default:
			return usageError{fmt.Errorf("provider %s: class %q: want provider, authoritative or third-party", provider.SCHAC, provider.Class)}
		}
		if provider.SCHAC == "" && provider.Website == "" {
			return usageError{fmt.Errorf("providers[%d]: give its schac code or its website", i)}
		}
		for j := range provider.OAuth {
			client := &provider.OAuth[j]
			file := client.SecretFile
			if file == "" {
				continue
			}
			if !filepath.IsAbs(file) {
				file = filepath.Join(dir, file)
			}
			secret, err := os.ReadFile(file)
			if err != nil {
				return fmt.Errorf("provider %s: client secret: %w", provider.SCHAC, err)
			}
			client.Secret = strings.TrimSpace(string(secret))
		}
	}
	return nil
}

// network is how harvests reach the outside.
func (s settings) network() netguard.Config {
	return netguard.Config{AllowPrivate: s.Network.AllowPrivate, Resolver: s.Network.Resolver}
}

// institutions returns the institutions and alliances that are managed by hand,
// completed by the lists. A list that cannot be read is said on stderr.
func (s settings) institutions(ctx context.Context, p process, client *fetch.Client) (registry.Registry, error) {
	byHand := s.byHand()
	if s.Registry == (registry.Lists{}) {
		return byHand, nil
	}
	session, err := client.Session(fetch.Target{})
	if err != nil {
		return byHand, err
	}
	all, problems := registry.Load(ctx, byHand, s.Registry, registry.FileOrURL(session))
	for _, problem := range problems {
		fmt.Fprintln(p.stderr, "registry:", problem)
	}
	return all, nil
}

// byHand returns the institutions and alliances of the configuration itself.
func (s settings) byHand() registry.Registry {
	r := registry.Registry{Alliances: s.Alliances}
	for _, p := range s.Providers {
		r.Institutions = append(r.Institutions, registry.Institution{
			Provider: harvesters.Provider{
				SCHAC: strings.ToLower(p.SCHAC), Names: p.Name, ETER: p.ETER, DEQAR: p.DEQAR,
				Website: p.Website, Class: p.Class, Indicators: p.Indicators,
			},
			Manifest: p.Manifest,
			OAuth:    p.OAuth,
			Previous: lowered(p.Formerly),
		})
	}
	return r
}

// license returns the URI of the licence of the data.
func (s settings) license() string { return cmp.Or(s.License, defaultLicense) }

// lowered returns the codes in lower case.
func lowered(codes []string) []string {
	var lower []string
	for _, code := range codes {
		lower = append(lower, strings.ToLower(code))
	}
	return lower
}

// website returns the website of the provider with the SCHAC code, "" where the
// configuration has none.
func (s settings) website(schac string) string {
	for _, p := range s.Providers {
		if strings.EqualFold(p.SCHAC, schac) {
			return p.Website
		}
	}
	return ""
}

// hours writes a duration of a manifest.
func hours(h discover.Hours) string { return time.Duration(h).String() }
