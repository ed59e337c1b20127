package main

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"qlgraph/harvesters/evidence"
	"qlgraph/harvesters/keys"
)

type verifyEvidenceCommand struct {
	File string `arg:"" help:"Evidence pack; - is stdin."`
	Key  string `help:"Keys to trust: a public key in PEM, or a set as /keys has it." placeholder:"FILE|URL"`
	JSON bool   `help:"Print JSON." name:"json"`
}

// verdict is what the command finds out about a pack.
type verdict struct {
	Verified bool              `json:"verified"` // signature and contents
	Trusted  *bool             `json:"trusted"`  // null: nobody said which keys to trust
	KeyID    string            `json:"keyId"`
	Manifest evidence.Manifest `json:"manifest"`
}

// Run checks a pack: offline, unless the keys to trust are at a URL. The status
// is 1 where the pack is not what was signed, or the key is none of those.
func (c *verifyEvidenceCommand) Run(ctx context.Context, p process) error {
	data, err := p.readPack(c.File)
	if err != nil {
		return err
	}
	pack, err := evidence.Open(data)
	if err != nil {
		return err
	}
	v := verdict{Verified: true, KeyID: pack.Manifest.Signature.KeyID, Manifest: pack.Manifest}
	if c.Key != "" {
		known, err := p.trustedKeys(ctx, c.Key)
		if err != nil {
			return fmt.Errorf("keys to trust: %w", err)
		}
		trusted := pack.Trust(known)
		v.Trusted = &trusted
	}
	if c.JSON {
		err = printJSON(p.stdout, v)
	} else {
		err = v.print(p.stdout)
	}
	if err == nil && v.Trusted != nil && !*v.Trusted {
		return fmt.Errorf("the pack is signed by the key %s, which is none of those in %s", v.KeyID, c.Key)
	}
	return err
}

// readPack reads a whole pack.
func (p process) readPack(name string) ([]byte, error) {
	var in io.Reader = p.stdin
	if name != "-" {
		f, err := os.Open(p.path(name))
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, evidence.MaxSize+1))
	if err == nil && len(data) > evidence.MaxSize {
		err = fmt.Errorf("%s: %w", name, errTooLarge)
	}
	return data, err
}

// maxKeySet bounds a set of keys, and keyTimeout the wait for one.
const (
	maxKeySet  = 1 << 20
	keyTimeout = 30 * time.Second
)

// trustedKeys reads Ed25519 public keys from a file or a URL.
func (p process) trustedKeys(ctx context.Context, source string) ([]ed25519.PublicKey, error) {
	text, err := p.readKeys(ctx, source)
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(strings.TrimSpace(string(text)), "{") {
		key, err := evidence.ParseKey(text)
		return []ed25519.PublicKey{key}, err
	}
	var set keys.Set
	if err := json.Unmarshal(text, &set); err != nil {
		return nil, err
	}
	var list []ed25519.PublicKey
	for _, k := range set.Keys {
		if k.KeyType != "OKP" || k.Curve != "Ed25519" {
			continue
		}
		x, err := base64.RawURLEncoding.DecodeString(k.X)
		if err != nil || len(x) != ed25519.PublicKeySize {
			return nil, fmt.Errorf("the key %.40q is malformed", k.ID)
		}
		list = append(list, x)
	}
	if len(list) == 0 {
		return nil, errors.New("no Ed25519 key in the set")
	}
	return list, nil
}

func (p process) readKeys(ctx context.Context, source string) ([]byte, error) {
	if !strings.HasPrefix(source, "http://") && !strings.HasPrefix(source, "https://") {
		return os.ReadFile(p.path(source))
	}
	ctx, cancel := context.WithTimeout(ctx, keyTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, source, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s: HTTP status %d", source, resp.StatusCode)
	}
	return io.ReadAll(io.LimitReader(resp.Body, maxKeySet))
}

// print says for people what was found, and what was not looked at.
func (v verdict) print(w io.Writer) error {
	m := v.Manifest
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "course\t%s\n", printable(m.Course))
	fmt.Fprintf(table, "as of\t%s\n", m.AsOf.Format(time.RFC3339))
	fmt.Fprintf(table, "version\t%d, since %s, %s\n", m.Version.Number, m.Version.Since.Format(time.RFC3339), printable(m.Version.SHA256))
	fmt.Fprintf(table, "contents\t%d files, all as they were signed\n", len(m.Files))
	fmt.Fprintf(table, "signature\tgood, by the key %s\n", v.KeyID)
	switch {
	case v.Trusted == nil:
		fmt.Fprintf(table, "trust\tNOT CHECKED: anybody can sign with a key of their own. Compare its id with the aggregator's\n\tkeys (the pack claims: %s), or give them: --key FILE|URL\n", printable(m.Issuer.Keys))
	case *v.Trusted:
		fmt.Fprintln(table, "trust\tthe key is among those that you trust")
	default:
		fmt.Fprintln(table, "trust\tNONE: the key is not among those that you trust")
	}
	return table.Flush()
}

// printable keeps control characters of a stranger's text from the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 || r == 0x7F || r >= 0x80 && r < 0xA0 {
			return '\uFFFD'
		}
		return r
	}, s)
}
