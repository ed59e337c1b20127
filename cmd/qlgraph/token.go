package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"qlgraph/graph"
	"qlgraph/graph/store"
	"qlgraph/sparql/protocol"
)

type tokenCommand struct {
	Issue  tokenIssueCommand  `cmd:"" help:"Make a token and print it, this once."`
	List   tokenListCommand   `cmd:"" default:"withargs" help:"The tokens that were issued, without the tokens themselves."`
	Revoke tokenRevokeCommand `cmd:"" help:"Make a token worthless."`
}

// Tokens are 256 random bits, of which the store keeps the SHA-256: nothing
// slower is needed where there is nothing to guess. The table of the ledger is
// by hash, so that a token is known by one look-up.
const (
	tableToken  = "token"
	tokenPrefix = "qlt_" // so that a leaked one is recognised for what it is
	tokenBytes  = 32
	tokenID     = 12 // hex digits of the hash that name a token
)

// issuedToken is what is known of a token.
type issuedToken struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Rights  string     `json:"rights"` // "read" or "write"
	Created time.Time  `json:"created"`
	Expires *time.Time `json:"expires,omitempty"`
}

func (t *issuedToken) valid(now time.Time) bool { return t.Expires == nil || now.Before(*t.Expires) }

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

type tokenIssueCommand struct {
	dataFlags
	Name    string        `arg:"" help:"Who it is for."`
	Rights  string        `enum:"read,write" default:"write" help:"read: queries without rate limits; write: updates as well."`
	Expires time.Duration `help:"How long it is valid, such as 720h; for good where left out." placeholder:"DURATION"`
}

// Run prints the token on stdout; it is not kept and cannot be shown again.
func (c *tokenIssueCommand) Run(ctx context.Context, p process) error {
	dir, err := c.directory(p, "")
	if err != nil {
		return err
	}
	if c.Expires < 0 {
		return usageError{errors.New("a token cannot have expired already")}
	}
	var random [tokenBytes]byte
	rand.Read(random[:]) // never fails (crypto/rand)
	secret := tokenPrefix + base64.RawURLEncoding.EncodeToString(random[:])
	hash := hashToken(secret)
	token := issuedToken{ID: hash[:tokenID], Name: c.Name, Rights: c.Rights, Created: time.Now().UTC().Truncate(time.Second)}
	if c.Expires > 0 {
		until := token.Created.Add(c.Expires)
		token.Expires = &until
	}
	value, err := json.Marshal(token)
	if err != nil {
		return err
	}
	err = p.withStore(dir, func(s *store.Store) error {
		return updateLedger(ctx, s, func(l graph.LedgerTx) error { return l.SetValue(tableToken, hash, value) })
	})
	if err == nil {
		_, err = fmt.Fprintln(p.stdout, secret)
	}
	return err
}

type tokenListCommand struct {
	dataFlags
	JSON bool `help:"Print JSON."`
}

// Run prints a line per token.
func (c *tokenListCommand) Run(ctx context.Context, p process) error {
	dir, err := c.directory(p, "")
	if err != nil {
		return err
	}
	tokens := []issuedToken{}
	err = p.withStore(dir, func(s *store.Store) error {
		return viewLedger(ctx, s, func(l graph.Ledger) error {
			return eachToken(l, func(_ string, t issuedToken) error { tokens = append(tokens, t); return nil })
		})
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(p.stdout, tokens)
	}
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tNAME\tRIGHTS\tCREATED\tEXPIRES")
	for _, t := range tokens {
		expires := "never"
		if t.Expires != nil {
			expires = t.Expires.Format(time.DateTime)
		}
		if !t.valid(time.Now()) {
			expires += " (expired)"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", t.ID, t.Name, t.Rights, t.Created.Format(time.DateTime), expires)
	}
	return table.Flush()
}

type tokenRevokeCommand struct {
	dataFlags
	Token string `arg:"" help:"Its id, its name, or the token itself."`
}

// Run removes the tokens with the id or name.
func (c *tokenRevokeCommand) Run(ctx context.Context, p process) error {
	dir, err := c.directory(p, "")
	if err != nil {
		return err
	}
	var revoked []string
	err = p.withStore(dir, func(s *store.Store) error {
		return updateLedger(ctx, s, func(l graph.LedgerTx) error {
			var hashes []string
			err := eachToken(l, func(hash string, t issuedToken) error {
				if c.Token == t.ID || c.Token == t.Name || hashToken(c.Token) == hash {
					hashes, revoked = append(hashes, hash), append(revoked, t.ID)
				}
				return nil
			})
			for _, hash := range hashes {
				err = errors.Join(err, l.SetValue(tableToken, hash, nil))
			}
			return err
		})
	})
	if err == nil && len(revoked) == 0 {
		err = errors.New("no such token")
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(p.stdout, "revoked:", strings.Join(revoked, ", "))
	return err
}

// eachToken calls fn for every token with its hash.
func eachToken(l graph.Ledger, fn func(hash string, t issuedToken) error) error {
	for entry, err := range l.Values(tableToken, "") {
		if err != nil {
			return err
		}
		var t issuedToken
		if err := json.Unmarshal(entry.Value, &t); err != nil {
			return fmt.Errorf("token %.12s: %w", entry.Key, err)
		}
		if err := fn(entry.Key, t); err != nil {
			return err
		}
	}
	return nil
}

func viewLedger(ctx context.Context, d graph.Dataset, fn func(graph.Ledger) error) error {
	snap, err := d.Snapshot(ctx)
	if err != nil {
		return err
	}
	defer snap.Close()
	l, ok := snap.(graph.Ledger)
	if !ok {
		return errors.New("the store keeps no ledger")
	}
	return fn(l)
}

func updateLedger(ctx context.Context, w graph.Writer, fn func(graph.LedgerTx) error) error {
	_, err := w.Update(ctx, func(tx graph.Tx) error {
		l, ok := tx.(graph.LedgerTx)
		if !ok {
			return errors.New("the store keeps no ledger")
		}
		return fn(l)
	})
	return err
}

// authority knows the token of QLGRAPH_ADMIN_TOKEN, which has every right, and
// those that were issued for the dataset: at once, also those issued or revoked
// while the server runs.
type authority struct {
	admin  string // hash, "" where there is none
	issued graph.Dataset
}

func newAuthority(admin string, issued graph.Dataset) authority {
	if admin == "" {
		return authority{issued: issued}
	}
	return authority{hashToken(admin), issued}
}

// Authorize implements protocol.Authorizer. Tokens are looked up by their hash,
// so that the time it takes tells nothing of them.
func (a authority) Authorize(token string) protocol.Permission {
	hash := hashToken(token)
	if a.admin != "" && subtle.ConstantTimeCompare([]byte(hash), []byte(a.admin)) == 1 {
		return protocol.MayWrite
	}
	var known issuedToken
	err := viewLedger(context.Background(), a.issued, func(l graph.Ledger) error {
		value, err := l.Value(tableToken, hash)
		if err != nil || value == nil {
			return err
		}
		return json.Unmarshal(value, &known)
	})
	switch {
	case err != nil || known.ID == "" || !known.valid(time.Now()):
		return protocol.Stranger
	case known.Rights == "write":
		return protocol.MayWrite
	}
	return protocol.Known
}
