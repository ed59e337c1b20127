package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// updateStatus asks the server for a change with a token.
func updateStatus(t *testing.T, server, token string) int {
	t.Helper()
	form := url.Values{"update": {"INSERT DATA { <http://e/s> <http://e/p> 1 }"}}
	r, err := http.NewRequest(http.MethodPost, server+"update", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// TestTokens issues and revokes tokens beside a running server, which knows at
// once; what is kept of them, anywhere, is their hash.
func TestTokens(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	server := startServer(t, data)
	issue := func(args ...string) string {
		t.Helper()
		status, stdout, stderr := command(t, append([]string{"token", "issue", "--data", data}, args...)...)
		token := strings.TrimSpace(stdout)
		if status != statusDone || !strings.HasPrefix(token, tokenPrefix) || len(token) < 40 {
			t.Fatalf("status %d, %q: %s", status, stdout, stderr)
		}
		return token
	}
	writer, reader, brief := issue("loader"), issue("--rights", "read", "crawler"), issue("--expires", "1ns", "brief")
	for _, test := range []struct {
		name, token string
		ok          bool
	}{{"writer", writer, true}, {"reader", reader, false}, {"expired", brief, false}, {"stranger", tokenPrefix + "x", false}, {"none", "", false}} {
		if status := updateStatus(t, server, test.token); (status < 300) != test.ok {
			t.Errorf("%s: status %d", test.name, status)
		}
	}
	if status := updateStatus(t, server, reader); status != http.StatusForbidden {
		t.Errorf("reader: status %d, want 403", status)
	}

	status, stdout, stderr := command(t, "token", "list", "--data", data)
	if status != statusDone || !strings.Contains(stdout, "crawler") || !strings.Contains(stdout, "(expired)") || strings.Contains(stdout, writer) {
		t.Errorf("status %d: %s%s", status, stdout, stderr)
	}
	if status, stdout, stderr = command(t, "token", "revoke", "--data", data, "loader"); status != statusDone || !strings.Contains(stdout, "revoked") {
		t.Errorf("status %d: %s%s", status, stdout, stderr)
	}
	if status := updateStatus(t, server, writer); status != http.StatusUnauthorized {
		t.Errorf("revoked: status %d", status)
	}
	if status, _, _ = command(t, "token", "revoke", "--data", data, "loader"); status != statusFailed {
		t.Errorf("revoked twice: status %d", status)
	}
	if status, _, _ = command(t, "token", "issue", "--data", data, "--rights", "all", "x"); status != statusUsage {
		t.Errorf("unknown rights: status %d", status)
	}
	files, err := filepath.Glob(filepath.Join(data, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), reader) {
			t.Errorf("%s holds the token itself", filepath.Base(file))
		}
	}
}
