package expr

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
)

// hashFunctions are those of §17.4.6: of the UTF-8 of a simple literal, in
// lower-case hex digits.
func hashFunctions() map[string]Function {
	return map[string]Function{
		"MD5":    digest(func(b []byte) []byte { sum := md5.Sum(b); return sum[:] }),
		"SHA1":   digest(func(b []byte) []byte { sum := sha1.Sum(b); return sum[:] }),
		"SHA256": digest(func(b []byte) []byte { sum := sha256.Sum256(b); return sum[:] }),
		"SHA384": digest(func(b []byte) []byte { sum := sha512.Sum384(b); return sum[:] }),
		"SHA512": digest(func(b []byte) []byte { sum := sha512.Sum512(b); return sum[:] }),
	}
}

func digest(sum func([]byte) []byte) Function {
	return function1(func(v Value) Value {
		s, ok := v.simple()
		if !ok {
			return Value{}
		}
		return String(hex.EncodeToString(sum([]byte(s))))
	})
}
