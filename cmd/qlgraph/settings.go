package main

// Defaults of the settings.
const defaultBaseIRI = "http://data.quality-link.eu"

// settings are what the configuration file says to commands, apart from the
// registry's part of it.
type settings struct {
	Data         string `yaml:"data"`
	Listen       string `yaml:"listen"`
	BaseIRI      string `yaml:"base_iri"`
	DefaultGraph string `yaml:"default_graph"`
}
