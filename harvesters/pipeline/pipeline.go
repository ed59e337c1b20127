package pipeline

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"qlgraph/graph"
	"qlgraph/graph/rdf"
	"qlgraph/harvesters"
	"qlgraph/harvesters/discover"
	"qlgraph/harvesters/fetch"
	"qlgraph/harvesters/formats"
	"qlgraph/harvesters/registry"
	"qlgraph/shapes/profile"
)

// Validator says what is wrong with records of one source; *profile.Profile is
// one. Reference holds what the records may refer to and is not validated.
type Validator interface {
	Validate(ctx context.Context, data, reference []rdf.Quad, options profile.Options) (*profile.Validation, error)
}

// Keys decrypts secrets and signs requests.
type Keys interface {
	// Decrypt returns the secret of a manifest's ciphertext.
	Decrypt(ciphertext string) (string, error)
	// SigningKey returns the key for an HTTP signature algorithm and its id.
	SigningKey(algorithm string) (crypto.PrivateKey, string, error)
}

// Config is what a Pipeline needs. All fields without a default are required.
type Config struct {
	BaseIRI    string
	Dataset    graph.Writer // whose Tx is a graph.LedgerTx
	Client     *fetch.Client
	Finder     *discover.Finder
	Formats    []formats.Format  // default formats.All(); new rules make the next run lift everything again
	Validator  Validator         // nil: nothing is validated
	Profile    string            // version of what Validator checks; a new one validates all again
	Keys       Keys              // nil: encrypted secrets fail their source
	Registry   registry.Registry // the institutions and alliances
	Background []Background      // written by every run that finds them changed; default DefaultBackground
	Spool      string            // directory for responses of runs under way, so that they can be resumed; "": none
	Sources    int               // harvested at once; default 4
	Limits     Limits            // zero: DefaultLimits
	Breaker    Breaker           // zero: DefaultBreaker
	Locks      *Locks            // of sources, shared by the pipelines into one dataset; default: its own
	Now        func() time.Time  // default time.Now
	RunID      func() string     // default: time and random digits
}

// Limits bound what one source can make us keep.
type Limits struct {
	Records int           // of one source
	Triples int           // of one source
	Staged  int64         // bytes that a run keeps on disk of one source, compressed
	Parts   int           // attached to one record
	Record  int           // bytes of one record with its parts, which is several times that in memory
	Time    time.Duration // for one source
}

// DefaultLimits returns limits several times larger than the largest national
// catalogue known.
func DefaultLimits() Limits {
	return Limits{Records: 500_000, Triples: 50_000_000, Staged: 8 << 30, Parts: 10_000, Record: 8 << 20, Time: 2 * time.Hour}
}

// Pipeline harvests into one dataset.
type Pipeline struct {
	config Config
	zip    *compressor
	prints map[harvesters.Format]string // fingerprints

	reference []rdf.Quad            // the reference graph
	about     map[string][]rdf.Quad // of it, by the institution or alliance that it is about
	alliances alliances
}

// New returns a Pipeline.
func New(c Config) (*Pipeline, error) {
	if c.Sources <= 0 {
		c.Sources = 4
	}
	if c.Limits == (Limits{}) {
		c.Limits = DefaultLimits()
	}
	if c.Breaker == (Breaker{}) {
		c.Breaker = DefaultBreaker()
	}
	if c.Formats == nil {
		c.Formats = formats.All()
	}
	if c.Background == nil {
		c.Background = DefaultBackground()
	}
	if c.Locks == nil {
		c.Locks = NewLocks()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.RunID == nil {
		c.RunID = func() string {
			var random [4]byte
			rand.Read(random[:]) // never fails (crypto/rand)
			return c.Now().UTC().Format("20060102T150405Z-") + hex.EncodeToString(random[:])
		}
	}
	zip, err := newCompressor()
	if err != nil {
		return nil, err
	}
	p := &Pipeline{config: c, zip: zip, prints: map[harvesters.Format]string{}}
	p.reference = c.Registry.Quads(c.BaseIRI)
	p.about = byThing(p.reference)
	p.alliances = newAlliances(c.BaseIRI, c.Registry.Alliances)
	for _, format := range c.Formats {
		p.prints[format.Name] = fingerprint(c.BaseIRI, c.Profile, format.Rules, c.Registry.Alliances)
	}
	return p, nil
}

// liftVersion is raised when lifting or enriching changes other than by rules.
const liftVersion = "2"

// fingerprint names what quads a record becomes, apart from the record.
func fingerprint(base, profile string, rules []harvesters.Rule, alliances []registry.Alliance) string {
	encoded, err := json.Marshal([]any{rules, alliances})
	if err != nil {
		panic(err) // strings only
	}
	sum := sha256.Sum256(append([]byte(liftVersion+"\x00"+base+"\x00"+profile+"\x00"), encoded...))
	return hex.EncodeToString(sum[:8])
}

// Options say what a run goes over.
type Options struct {
	Providers []string // SCHAC codes; none: all institutions
	Full      bool     // lift everything, whatever is known
	Due       bool     // leave out sources that were harvested less than their refresh ago
	// Manifest is taken instead of looking for the institution's: for a run over
	// one institution.
	Manifest *discover.Manifest
	Progress func(Progress) // called from several goroutines, one at a time
}

// Progress is a step of a run.
type Progress struct {
	Provider string
	Source   string
	Stage    string // "discover", "read", "validate", "commit", "done"
	Records  int
	Result   *SourceResult // with "done"
}

// Run harvests now. A source that fails is in the report; the error is that of
// the dataset or of the context.
func (p *Pipeline) Run(ctx context.Context, opts Options) (*RunReport, error) {
	run := &Run{pipeline: p, options: opts, report: RunReport{ID: p.config.RunID(), Started: p.config.Now(), Full: opts.Full}}
	institutions, err := p.chosen(opts.Providers)
	if err != nil {
		return nil, err
	}
	if err := p.commitBackground(ctx); err != nil {
		return nil, fmt.Errorf("reference graphs: %w", err)
	}
	results := make([][]SourceResult, len(institutions))
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(p.config.Sources)
	for i, institution := range institutions {
		group.Go(func() error {
			var err error
			results[i], err = run.institution(groupCtx, institution)
			return err
		})
	}
	err = group.Wait()
	run.report.Sources = slices.Concat(results...)
	slices.SortFunc(run.report.Manifests, func(a, b ManifestChange) int { return strings.Compare(a.Provider, b.Provider) })
	run.report.Ended = p.config.Now()
	if err != nil {
		return &run.report, err
	}
	return &run.report, p.commitRun(ctx, &run.report)
}

// ErrNoInstitution is the error for a provider that the registry does not have.
var ErrNoInstitution = errors.New("no such institution in the registry")

// chosen returns the institutions with the given keys, or all.
func (p *Pipeline) chosen(keys []string) ([]registry.Institution, error) {
	all := p.config.Registry.Institutions
	if len(keys) == 0 {
		return all, nil
	}
	var chosen []registry.Institution
	for _, key := range keys {
		i := slices.IndexFunc(all, func(in registry.Institution) bool { return in.Key() == key })
		if i < 0 {
			return nil, fmt.Errorf("%w: %q", ErrNoInstitution, key)
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// Run is one pass over institutions.
type Run struct {
	pipeline *Pipeline
	options  Options
	report   RunReport
	mu       sync.Mutex // of options.Progress and report.Manifests
}

func (r *Run) progress(p Progress) {
	if r.options.Progress == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.options.Progress(p)
}
