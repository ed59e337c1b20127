package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"qlgraph/harvesters/keys"
)

type keysCommand struct {
	List   keysListCommand   `cmd:"" default:"withargs" help:"The aggregator's keys; missing ones are made."`
	Rotate keysRotateCommand `cmd:"" help:"Make a new key; the older ones go on decrypting, and verifying."`
	PEM    keysPEMCommand    `cmd:"" name:"pem" help:"The current public key, as providers give it to openssl."`
}

// ring returns the keys of the data directory. They are files, so that the
// command needs neither the store nor the server that may own it.
func (f dataFlags) ring(p process) (*keys.Ring, error) {
	dir, err := f.directory(p, "")
	if err != nil {
		return nil, err
	}
	return keyRing(dir), nil
}

type keysListCommand struct {
	dataFlags
	JSON bool `help:"Print JSON, with the public keys."`
}

// Run prints a line per key.
func (c *keysListCommand) Run(p process) error {
	ring, err := c.ring(p)
	if err != nil {
		return err
	}
	set, err := ring.PublicKeys()
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(p.stdout, set)
	}
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tUSE\tALGORITHM\tCREATED\tSTATE")
	for _, k := range set.Keys {
		state := "current"
		if !k.Current {
			state = "older: still tried"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", k.ID, k.Use, k.Alg, k.Created, state)
	}
	return table.Flush()
}

type keysRotateCommand struct {
	dataFlags
	Purpose []keys.Purpose `arg:"" optional:"" help:"encryption, ed25519 or rsa-pss-sha512; all where left out."`
}

// Run makes new keys and prints their ids. A running server uses them at once.
func (c *keysRotateCommand) Run(p process) error {
	ring, err := c.ring(p)
	if err != nil {
		return err
	}
	if len(c.Purpose) == 0 {
		c.Purpose = keys.Purposes()
	}
	for _, purpose := range c.Purpose {
		if !keys.Valid(purpose) {
			return usageError{fmt.Errorf("no keys for %q: one of encryption, ed25519, rsa-pss-sha512", purpose)}
		}
	}
	for _, purpose := range c.Purpose {
		key, err := ring.Rotate(purpose)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(p.stdout, "%s %s\n", key.Purpose, key.ID); err != nil {
			return err
		}
	}
	return nil
}

type keysPEMCommand struct {
	dataFlags
	Purpose keys.Purpose `arg:"" optional:"" default:"encryption" help:"encryption, ed25519 or rsa-pss-sha512."`
}

// Run prints the newest public key of a purpose.
func (c *keysPEMCommand) Run(p process) error {
	ring, err := c.ring(p)
	if err != nil {
		return err
	}
	set, err := ring.PublicKeys()
	if err != nil {
		return err
	}
	for _, k := range set.Keys {
		if k.Current && (k.Alg == string(c.Purpose) || k.Use == "enc" && c.Purpose == keys.Encryption) {
			_, err := fmt.Fprintln(p.stdout, strings.TrimSpace(k.PEM))
			return err
		}
	}
	return usageError{fmt.Errorf("no keys for %q: one of encryption, ed25519, rsa-pss-sha512", c.Purpose)}
}
