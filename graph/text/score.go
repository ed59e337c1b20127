package text

import (
	"math"
	"math/bits"
)

// A posting has a byte beside the literal: how often the word stands in it, up
// to four times, and about how many words it has. BM25 gives hardly more to the
// fifth occurrence, and nothing to a literal's exact length.
const (
	countBits = 2
	maxCount  = 1 << countBits
	exactly   = 16 // lengths up to here are exact, beyond there are four steps per octave
)

// Weight returns the byte of a posting.
func Weight(count, length int) uint8 {
	return uint8(lengthStep(length)<<countBits | min(count, maxCount) - 1)
}

func lengthStep(n int) int {
	if n < exactly {
		return max(n, 0)
	}
	octave := bits.Len(uint(n)) - 1
	step := exactly + 4*(octave-4) + (n-1<<octave)>>(octave-2)
	return min(step, 1<<(8-countBits)-1)
}

// lengthAt is about the length that a step stands for: its lower end.
func lengthAt(step int) float64 {
	if step < exactly {
		return float64(step)
	}
	octave, quarter := 4+(step-exactly)/4, (step-exactly)%4
	return float64(int(1)<<octave + quarter<<(octave-2))
}

// The parameters of BM25 at their usual values (Robertson and Zaragoza, The
// Probabilistic Relevance Framework, §3).
const (
	k1 = 1.2
	b  = 0.75
)

// Score returns the score (BM25) of a word with the given Weight in a literal of
// a language with these totals, where so many of all literals that are searched
// have the word.
func Score(all int64, t Totals, matches int, weight uint8) float64 {
	p := NewPosting(0, weight)
	return newScorer(all, t, matches).score(p.count(), p.step())
}

// scorer scores the postings of one word.
type scorer struct {
	idf  float64
	norm [1 << (8 - countBits)]float64 // by length
}

// newScorer prepares scores for a word that so many of all literals have, in
// those of a language.
func newScorer(all int64, t Totals, matches int) *scorer {
	s := &scorer{idf: math.Log1p((float64(all) - float64(matches) + 0.5) / (float64(matches) + 0.5))}
	average := max(1, float64(t.Words)/float64(max(1, t.Literals)))
	for i := range s.norm {
		s.norm[i] = k1 * (1 - b + b*lengthAt(i)/average)
	}
	return s
}

// score returns the score of count occurrences in a literal with the given
// step of length.
func (s *scorer) score(count, step int) float64 {
	n := float64(count)
	return s.idf * n * (k1 + 1) / (n + s.norm[step])
}
