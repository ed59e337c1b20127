package registry

import (
	"qlgraph/harvesters"
)

// Registry holds the institutions, in a stable order, and the alliances.
type Registry struct {
	Institutions []Institution
	Alliances    []Alliance
}

// Institution is a higher education institution, or another provider.
type Institution struct {
	harvesters.Provider
	Country   string        // ISO 3166-1 alpha-2, upper case
	City      string        // of the seat
	Latitude  string        // decimal degrees, as the list has them
	Longitude string        // idem
	Manifest  string        // URL; skips discovery
	OAuth     []OAuthClient // credentials that came out of band
	Previous  []string      // SCHAC codes that it had before
	// Listed institutions are known from lists only: that they publish nothing
	// is no failure.
	Listed bool
}

// OAuthClient is a client registration at a provider's token endpoint.
type OAuthClient struct {
	TokenEndpoint string `yaml:"token_endpoint"`
	ClientID      string `yaml:"client_id"`
	SecretFile    string `yaml:"client_secret_file"`
	Scope         string `yaml:"scope"`
	Secret        string `yaml:"-"` // read from SecretFile
}

// Alliance is a group of institutions.
type Alliance struct {
	ID      string            `yaml:"id"` // of OrgReg, "INT6006", where it has one
	Names   map[string]string `yaml:"name"`
	Codes   []string          `yaml:"codes"`   // what sources call it: "ewuu"
	Members []string          `yaml:"members"` // SCHAC codes
}
