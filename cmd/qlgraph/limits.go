package main

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"qlgraph/internal/netguard"
	"qlgraph/sparql"
	"qlgraph/sparql/protocol"
	"qlgraph/sparql/protocol/federation"
)

// engineSettings bound each query and update. They are flags ("--sparql-time"),
// variables of the environment (QLGRAPH_SPARQL_TIME) and keys of the section
// sparql of the configuration file ("time"). An empty one is the default that
// its help names.
type engineSettings struct {
	Time          string `yaml:"time" help:"Time of a query or an update (30s)." placeholder:"TIME" group:"limits"`
	Memory        string `yaml:"memory" help:"Memory of a query (256MiB)." placeholder:"SIZE" group:"limits"`
	Rows          string `yaml:"rows" help:"Rows of a result (100000000)." placeholder:"N" group:"limits"`
	QueryBytes    string `yaml:"query_bytes" help:"Length of a query's text (1MiB)." placeholder:"SIZE" group:"limits"`
	UpdateBytes   string `yaml:"update_bytes" help:"Length of an update's text (64MiB)." placeholder:"SIZE" group:"limits"`
	Depth         string `yaml:"depth" help:"Nesting of a query (200)." placeholder:"N" group:"limits"`
	Nodes         string `yaml:"nodes" help:"Patterns, expressions and values in a query (100000)." placeholder:"N" group:"limits"`
	PathNodes     string `yaml:"path_nodes" help:"Nodes that property paths visit (50000000)." placeholder:"N" group:"limits"`
	FunctionBytes string `yaml:"function_bytes" help:"Length of a string that a function returns (1MiB)." placeholder:"SIZE" group:"limits"`
}

// endpointSettings bound what clients may use together, and each of them; they
// are set in the same way.
type endpointSettings struct {
	Concurrent    string `yaml:"concurrent" help:"Requests that are evaluated at a time (2 per processor)." placeholder:"N" group:"limits"`
	Queue         string `yaml:"queue" help:"Requests that wait for their turn (64)." placeholder:"N" group:"limits"`
	QueueTime     string `yaml:"queue_time" help:"How long they wait (5s)." placeholder:"TIME" group:"limits"`
	PerClient     string `yaml:"per_client" help:"Requests of one client at a time (4)." placeholder:"N" group:"limits"`
	Rate          string `yaml:"rate" help:"Requests per second and client in the long run (10)." placeholder:"N" group:"limits"`
	Burst         string `yaml:"burst" help:"Requests of a client at once (100)." placeholder:"N" group:"limits"`
	Work          string `yaml:"work" help:"Evaluation that a client has in advance; it gets back 1s per second (2m)." placeholder:"TIME" group:"limits"`
	UploadBytes   string `yaml:"upload_bytes" help:"Length of a graph that is sent, decompressed (4GiB)." placeholder:"SIZE" group:"limits"`
	WriteTime     string `yaml:"write_time" help:"Time that a client has to take a part of an answer (30s)." placeholder:"TIME" group:"limits"`
	ReadTime      string `yaml:"read_time" help:"Time to read or write a whole graph (10m)." placeholder:"TIME" group:"limits"`
	CacheBytes    string `yaml:"cache_bytes" help:"Results that are kept (64MiB)." placeholder:"SIZE" group:"limits"`
	CacheEntry    string `yaml:"cache_entry" help:"Length of a result that is kept (1MiB)." placeholder:"SIZE" group:"limits"`
	LimitLoopback string `yaml:"limit_loopback" help:"Rates hold for clients on this machine, too (false)." placeholder:"BOOL" group:"limits"`
	LimitTokens   string `yaml:"limit_tokens" help:"Rates hold for holders of a token, too (false)." placeholder:"BOOL" group:"limits"`
}

// federationSettings say which other servers SERVICE and LOAD may ask, and how
// much of them is read; set in the same way.
type federationSettings struct {
	ServiceAllow  []string `yaml:"service_allow" help:"Endpoints that SERVICE may ask: addresses, allowed with what is below them." placeholder:"URL" group:"limits"`
	LoadAllow     []string `yaml:"load_allow" help:"Documents that LOAD may read, likewise." placeholder:"URL" group:"limits"`
	RemoteTime    string   `yaml:"remote_time" help:"Time of one answer of a SERVICE (10s)." placeholder:"TIME" group:"limits"`
	RemoteBytes   string   `yaml:"remote_bytes" help:"Length of one answer of a SERVICE (16MiB)." placeholder:"SIZE" group:"limits"`
	RemoteRows    string   `yaml:"remote_rows" help:"Rows of one answer of a SERVICE (100000)." placeholder:"N" group:"limits"`
	DocumentTime  string   `yaml:"document_time" help:"Time to read the document of a LOAD (25s)." placeholder:"TIME" group:"limits"`
	DocumentBytes string   `yaml:"document_bytes" help:"Length of the document of a LOAD (64MiB)." placeholder:"SIZE" group:"limits"`
}

// sparqlSettings is the section sparql of the configuration file.
type sparqlSettings struct {
	engineSettings   `yaml:",inline"`
	endpointSettings `yaml:",inline"`

	federationSettings `yaml:",inline"`
}

// limitSetting is one of them with its three places.
type limitSetting struct {
	name string // in the configuration file, below "sparql"
	flag string
	file *string
	set  func(string) error
}

func (c engineSettings) table(file *engineSettings, l *sparql.Limits) []limitSetting {
	return []limitSetting{
		{"time", c.Time, &file.Time, assign(&l.Time, parseTime)},
		{"memory", c.Memory, &file.Memory, assign(&l.Memory, parseSize)},
		{"rows", c.Rows, &file.Rows, assign(&l.Rows, parseCount[int64])},
		{"query_bytes", c.QueryBytes, &file.QueryBytes, assign(&l.QueryBytes, parseLength)},
		{"update_bytes", c.UpdateBytes, &file.UpdateBytes, assign(&l.UpdateBytes, parseLength)},
		{"depth", c.Depth, &file.Depth, assign(&l.Depth, parseCount[int])},
		{"nodes", c.Nodes, &file.Nodes, assign(&l.Nodes, parseCount[int])},
		{"path_nodes", c.PathNodes, &file.PathNodes, assign(&l.PathNodes, parseCount[int64])},
		{"function_bytes", c.FunctionBytes, &file.FunctionBytes, assign(&l.FunctionBytes, parseLength)},
	}
}

func (c endpointSettings) table(file *endpointSettings, l *protocol.Limits) []limitSetting {
	return []limitSetting{
		{"concurrent", c.Concurrent, &file.Concurrent, orOff(&l.Concurrent, parseCount[int])},
		{"queue", c.Queue, &file.Queue, orOff(&l.Queue, parseCount[int])},
		{"queue_time", c.QueueTime, &file.QueueTime, assign(&l.QueueTime, parseTime)},
		{"per_client", c.PerClient, &file.PerClient, orOff(&l.PerClient, parseCount[int])},
		{"rate", c.Rate, &file.Rate, orOff(&l.Rate, parseRate)},
		{"burst", c.Burst, &file.Burst, assign(&l.Burst, parseCount[int])},
		{"work", c.Work, &file.Work, orOff(&l.Work, parseTime)},
		{"upload_bytes", c.UploadBytes, &file.UploadBytes, orOff(&l.UploadBytes, parseSize)},
		{"write_time", c.WriteTime, &file.WriteTime, orOff(&l.WriteTime, parseTime)},
		{"read_time", c.ReadTime, &file.ReadTime, orOff(&l.ReadTime, parseTime)},
		{"cache_bytes", c.CacheBytes, &file.CacheBytes, orOff(&l.CacheBytes, parseSize)},
		{"cache_entry", c.CacheEntry, &file.CacheEntry, assign(&l.CacheEntry, parseSize)},
		{"limit_loopback", c.LimitLoopback, &file.LimitLoopback, assign(&l.Loopback, strconv.ParseBool)},
		{"limit_tokens", c.LimitTokens, &file.LimitTokens, assign(&l.Tokens, strconv.ParseBool)},
	}
}

func (c federationSettings) table(file *federationSettings, l *federation.Limits) []limitSetting {
	return []limitSetting{
		{"remote_time", c.RemoteTime, &file.RemoteTime, assign(&l.Time, parseTime)},
		{"remote_bytes", c.RemoteBytes, &file.RemoteBytes, assign(&l.Bytes, parseSize)},
		{"remote_rows", c.RemoteRows, &file.RemoteRows, assign(&l.Rows, parseCount[int])},
		{"document_time", c.DocumentTime, &file.DocumentTime, assign(&l.DocumentTime, parseTime)},
		{"document_bytes", c.DocumentBytes, &file.DocumentBytes, assign(&l.DocumentBytes, parseSize)},
	}
}

// remote returns the client for SERVICE and LOAD.
func (c federationSettings) remote(p process, file federationSettings, network netguard.Config, agent string) (_ *federation.Client, err error) {
	config := federation.Config{Dial: netguard.New(network).Dial, UserAgent: agent}
	if config.Services, err = p.allowList("service_allow", c.ServiceAllow, file.ServiceAllow); err != nil {
		return nil, err
	}
	if config.Documents, err = p.allowList("load_allow", c.LoadAllow, file.LoadAllow); err != nil {
		return nil, err
	}
	if err := p.apply(c.table(&file, &config.Limits)); err != nil {
		return nil, err
	}
	return federation.New(config), nil
}

// addresses returns the list of the flag, the environment or the file.
func (p process) addresses(name string, flag, file []string) []string {
	if len(flag) > 0 {
		return flag
	}
	if s := p.getenv("QLGRAPH_SPARQL_" + strings.ToUpper(name)); s != "" {
		return strings.Split(s, ",")
	}
	return file
}

func (p process) allowList(name string, flag, file []string) (federation.AllowList, error) {
	list, err := federation.ParseAllowList(p.addresses(name, flag, file))
	if err != nil {
		err = usageError{fmt.Errorf("setting sparql.%s: %w", name, err)}
	}
	return list, err
}

// limits returns the engine's limits from flags, environment and file.
func (c engineSettings) limits(p process, file engineSettings) (l sparql.Limits, err error) {
	return l, p.apply(c.table(&file, &l))
}

// limits returns the endpoint's limits, likewise.
func (c endpointSettings) limits(p process, file endpointSettings) (l protocol.Limits, err error) {
	return l, p.apply(c.table(&file, &l))
}

// value returns the setting as written, "" where it is nowhere.
func (s limitSetting) value(p process) string {
	return p.setting(s.flag, "SPARQL_"+strings.ToUpper(s.name), *s.file, "")
}

func (p process) apply(table []limitSetting) error {
	for _, s := range table {
		value := s.value(p)
		if value == "" {
			continue
		}
		if err := s.set(value); err != nil {
			return usageError{fmt.Errorf("setting sparql.%s: %q: %w", s.name, value, err)}
		}
	}
	return nil
}

// limitNamed returns the setting of the limit that a problem names, "" where
// there is none: "sparql.query_bytes" for "querybytes".
func limitNamed(limit string) string {
	table := slices.Concat(
		engineSettings{}.table(new(engineSettings), new(sparql.Limits)),
		endpointSettings{}.table(new(endpointSettings), new(protocol.Limits)),
		federationSettings{}.table(new(federationSettings), new(federation.Limits)))
	for _, s := range table {
		if strings.ReplaceAll(s.name, "_", "") == limit {
			return "sparql." + s.name
		}
	}
	return ""
}

// assign sets dst to what parse reads.
func assign[T any](dst *T, parse func(string) (T, error)) func(string) error {
	return func(s string) error {
		v, err := parse(s)
		if err == nil {
			*dst = v
		}
		return err
	}
}

// orOff is assign for a limit that can be turned off, which protocol.Limits
// writes as a negative value.
func orOff[T int | int64 | float64 | time.Duration](dst *T, parse func(string) (T, error)) func(string) error {
	return assign(dst, func(s string) (T, error) {
		if s == "off" {
			return -1, nil
		}
		return parse(s)
	})
}

func parseTime(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, errors.New(`want a time such as "30s" or "2m"`)
	}
	return d, nil
}

func parseCount[T int | int64](s string) (T, error) {
	n, err := strconv.ParseInt(s, 10, strconv.IntSize)
	if err != nil || n <= 0 {
		return 0, errors.New("want a positive number")
	}
	return T(n), nil
}

func parseRate(s string) (float64, error) {
	x, err := strconv.ParseFloat(s, 64)
	if err != nil || !(x > 0) || math.IsInf(x, 1) {
		return 0, errors.New("want a positive number")
	}
	return x, nil
}

// parseSize reads a number of bytes: "1048576", "1MiB", "1MB".
func parseSize(s string) (int64, error) {
	number := strings.TrimRight(s, "kKMGTiB ")
	units := map[string]float64{
		"": 1, "B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12,
		"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
	}
	unit, known := units[strings.TrimSpace(s[len(number):])]
	n, err := strconv.ParseFloat(number, 64)
	if n *= unit; err != nil || !known || !(n >= 1) || n >= 1<<62 {
		return 0, errors.New(`want a size such as "65536" or "256MiB"`)
	}
	return int64(n), nil
}

// parseLength is parseSize for what is held in one piece.
func parseLength(s string) (int, error) {
	n, err := parseSize(s)
	if err == nil && n > 1<<30 {
		err = errors.New("want at most 1GiB")
	}
	return int(n), err
}

// trustedProxies returns the networks whose word about clients counts: those of
// the flag or the environment, separated by commas, else those of the file.
func (p process) trustedProxies(flag string, file []string) ([]netip.Prefix, error) {
	list := file
	if given := p.setting(flag, "TRUSTED_PROXIES", "", ""); given != "" {
		list = strings.Split(given, ",")
	}
	var networks []netip.Prefix
	for _, s := range list {
		s = strings.TrimSpace(s)
		network, err := netip.ParsePrefix(s)
		if addr, failed := netip.ParseAddr(s); failed == nil {
			network, err = addr.Prefix(addr.BitLen())
		}
		if err != nil {
			return nil, usageError{fmt.Errorf("trusted proxies: %q: want an address or a network such as 10.0.0.0/8", s)}
		}
		networks = append(networks, network.Masked())
	}
	return networks, nil
}
