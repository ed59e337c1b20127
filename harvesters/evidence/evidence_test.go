package evidence_test

import (
	"archive/zip"
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"qlgraph/harvesters/evidence"
)

var update = flag.Bool("update", false, "write testdata/pack.zip anew")

const (
	nquads = "<http://x.example/c> <http://purl.org/dc/terms/title> \"A\"@en .\n"
	turtle = "@prefix dcterms: <http://purl.org/dc/terms/> .\n<http://x.example/c> dcterms:title \"A\"@en .\n"
	raw    = `{"courseId": "c", "name": "A"}`
)

func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// signingKey is a key that only tests have.
func signingKey(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
}

func manifest() evidence.Manifest {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return evidence.Manifest{
		Course: "http://x.example/c", AsOf: at,
		Version: evidence.Version{Number: 1, Since: at, Run: "r", SHA256: hash(nquads), Source: []string{"http://x.example/source"}},
		Issuer:  evidence.Issuer{BaseIRI: "http://x.example", Keys: "http://x.example/keys"},
	}
}

func files() map[string]string {
	return map[string]string{
		evidence.CourseFile: nquads, evidence.TurtleFile: turtle, evidence.RawFile(0, ".json"): raw,
		evidence.LineageFile: fmt.Sprintf(`{"records": [{"number": 0, "sha256": %q}]}`, hash(raw)),
	}
}

func write(t *testing.T, m evidence.Manifest, content map[string]string, key ed25519.PrivateKey) []byte {
	t.Helper()
	var members []evidence.File
	for path, text := range content {
		members = append(members, evidence.NewFile(path, "text/plain", []byte(text)))
	}
	pack, err := evidence.Write(m, members, key)
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

func TestPack(t *testing.T) {
	key := signingKey(1)
	data := write(t, manifest(), files(), key)
	if again := write(t, manifest(), files(), key); !bytes.Equal(again, data) {
		t.Error("the same content gives other bytes")
	}
	p, err := evidence.Open(data)
	if err != nil {
		t.Fatal(err)
	}
	if p.Manifest.Course != "http://x.example/c" || string(p.File(evidence.CourseFile)) != nquads {
		t.Errorf("got %+v", p.Manifest)
	}
	mine, other := key.Public().(ed25519.PublicKey), signingKey(2).Public().(ed25519.PublicKey)
	if !p.Trust([]ed25519.PublicKey{other, mine}) || p.Trust([]ed25519.PublicKey{other}) || p.Trust(nil) {
		t.Error("trust does not follow the key")
	}
}

// A pack of an earlier program is still one, byte for byte.
func TestKeptPack(t *testing.T) {
	const name = "testdata/pack.zip"
	data := write(t, manifest(), files(), signingKey(1))
	if *update {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := evidence.Open(kept); err != nil {
		t.Error(err)
	}
	if !bytes.Equal(kept, data) {
		t.Error("the same content gives other bytes than it did")
	}
}

// No bit of a pack can be another.
func TestTampering(t *testing.T) {
	data := write(t, manifest(), files(), signingKey(1))
	for i := range data {
		for _, mask := range []byte{0x01, 0x80, 0xff} {
			changed := bytes.Clone(data)
			changed[i] ^= mask
			if _, err := evidence.Open(changed); err == nil {
				t.Fatalf("byte %d of %d ^ %02x goes unnoticed", i, len(data), mask)
			}
		}
	}
	for n := range len(data) {
		if _, err := evidence.Open(data[:n]); err == nil {
			t.Fatalf("the first %d bytes pass for the pack", n)
		}
	}
	if _, err := evidence.Open(append(bytes.Clone(data), "more"...)); err == nil {
		t.Error("bytes after the end go unnoticed")
	}
	if _, err := evidence.Open(append([]byte("more"), data...)); err == nil {
		t.Error("bytes before the beginning go unnoticed")
	}
}

// member is a member of a pack that a test takes apart.
type member struct {
	name    string
	content []byte
	deflate bool
}

func take(t *testing.T, data []byte) []member {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var members []member
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, member{f.Name, content, false})
	}
	return members
}

func put(t *testing.T, members []member) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		h := &zip.FileHeader{Name: m.name}
		if m.deflate {
			h.Method = zip.Deflate
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(m.content); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHostilePacks(t *testing.T) {
	members := take(t, write(t, manifest(), files(), signingKey(1)))
	with := func(extra ...member) []byte { return put(t, append(slices.Clone(members), extra...)) }
	for name, tc := range map[string]struct {
		data []byte
		want string
	}{
		"empty":               {nil, "not a ZIP"},
		"text":                {[]byte(strings.Repeat("PK", 100)), "not a ZIP"},
		"no members":          {put(t, nil), "no manifest.json"},
		"a bomb":              {with(member{"bomb", make([]byte, 10<<20), true}), "compressed"},
		"overlapping members": {overlapping(64, 1<<20), "larger than the file"},
		"absolute path":       {with(member{name: "/etc/passwd"}), "no path below"},
		"path upwards":        {with(member{name: "../x"}), "no path below"},
		"path upwards inside": {with(member{name: "raw/../../x"}), "no path below"},
		"backslashes":         {with(member{name: `..\x`}), "no path below"},
		"a drive":             {with(member{name: "C:x"}), "no path below"},
		"a directory":         {with(member{name: "raw/"}), "no path below"},
		"a member twice":      {with(member{name: "README.txt"}), "twice"},
		"an unlisted member":  {with(member{name: "more.txt"}), "not in the manifest"},
		"a missing member":    {put(t, slices.DeleteFunc(slices.Clone(members), func(m member) bool { return m.name == "course.ttl" })), "missing"},
		"no signature":        {put(t, slices.DeleteFunc(slices.Clone(members), func(m member) bool { return m.name == evidence.SignatureFile })), "no manifest.json.sig"},
		"another key":         {rekeyed(t, members), "signature"},
		"other bytes between": {put(t, members), "more than its members"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := evidence.Open(tc.data); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

// overlapping is a ZIP file whose members are all the same bytes of it.
func overlapping(n, size int) []byte {
	var b bytes.Buffer
	header := func(signature uint32) []byte {
		h := binary.LittleEndian.AppendUint32(nil, signature)
		return h
	}
	local := append(header(0x04034b50), make([]byte, 26)...)
	binary.LittleEndian.PutUint32(local[18:], uint32(size))
	binary.LittleEndian.PutUint32(local[22:], uint32(size))
	b.Write(local)
	b.Write(make([]byte, size))
	start := b.Len()
	for i := range n {
		name := fmt.Sprintf("m%02d", i)
		central := append(header(0x02014b50), make([]byte, 42)...)
		binary.LittleEndian.PutUint32(central[20:], uint32(size))
		binary.LittleEndian.PutUint32(central[24:], uint32(size))
		binary.LittleEndian.PutUint16(central[28:], uint16(len(name)))
		b.Write(append(central, name...))
	}
	end := append(header(0x06054b50), make([]byte, 18)...)
	binary.LittleEndian.PutUint16(end[8:], uint16(n))
	binary.LittleEndian.PutUint16(end[10:], uint16(n))
	binary.LittleEndian.PutUint32(end[12:], uint32(b.Len()-start))
	binary.LittleEndian.PutUint32(end[16:], uint32(start))
	b.Write(end)
	return b.Bytes()
}

// rekeyed has another public key than the one that it is signed by.
func rekeyed(t *testing.T, members []member) []byte {
	other := take(t, write(t, manifest(), files(), signingKey(2)))
	out := slices.Clone(members)
	for i, m := range out {
		if m.name == evidence.KeyFile {
			out[i].content = other[i].content
		}
	}
	return put(t, out)
}

// What a signer gets wrong is found too.
func TestInconsistentPacks(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*evidence.Manifest, map[string]string)
		want string
	}{
		"another version": {func(m *evidence.Manifest, _ map[string]string) { m.Version.SHA256 = hash("x") }, "the version"},
		"another Turtle":  {func(_ *evidence.Manifest, f map[string]string) { f[evidence.TurtleFile] = "" }, "is not the graph"},
		"broken Turtle":   {func(_ *evidence.Manifest, f map[string]string) { f[evidence.TurtleFile] = "<" }, "course.ttl"},
		"not canonical": {func(m *evidence.Manifest, f map[string]string) {
			f[evidence.CourseFile] = " " + nquads
			m.Version.SHA256 = hash(" " + nquads)
		}, "canonical"},
		"no course":        {func(_ *evidence.Manifest, f map[string]string) { delete(f, evidence.CourseFile) }, "no course.nq"},
		"no original":      {func(_ *evidence.Manifest, f map[string]string) { delete(f, evidence.RawFile(0, ".json")) }, "is missing"},
		"another original": {func(_ *evidence.Manifest, f map[string]string) { f[evidence.RawFile(0, ".json")] = "{}" }, "is missing"},
		"broken lineage":   {func(_ *evidence.Manifest, f map[string]string) { f[evidence.LineageFile] = "{" }, "lineage.json"},
	} {
		t.Run(name, func(t *testing.T) {
			m, f := manifest(), files()
			tc.edit(&m, f)
			if _, err := evidence.Open(write(t, m, f, signingKey(1))); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func FuzzOpen(f *testing.F) {
	data, err := os.ReadFile("testdata/pack.zip")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, b []byte) {
		if p, err := evidence.Open(b); err == nil && !bytes.Equal(b, data) && p.Key.Equal(signingKey(1).Public()) {
			t.Error("another pack with the key's signature")
		}
	})
}
