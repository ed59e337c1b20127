package syntax

// [88] Path ::= PathAlternative
// [89] PathAlternative ::= PathSequence ( '|' PathSequence )*
func (p *parser) pathAlternative() Path {
	p.enter()
	defer p.leave()
	first := p.pathSequence()
	if !p.isPunct("|") {
		return first
	}
	alt := &PathAlternative{Paths: []Path{first}}
	for p.acceptPunct("|") {
		alt.Paths = append(alt.Paths, p.pathSequence())
	}
	return alt
}

// [90] PathSequence ::= PathEltOrInverse ( '/' PathEltOrInverse )*
func (p *parser) pathSequence() Path {
	first := p.pathEltOrInverse()
	if !p.isPunct("/") {
		return first
	}
	seq := &PathSequence{Paths: []Path{first}}
	for p.acceptPunct("/") {
		seq.Paths = append(seq.Paths, p.pathEltOrInverse())
	}
	return seq
}

// [92] PathEltOrInverse ::= PathElt | '^' PathElt
func (p *parser) pathEltOrInverse() Path {
	if p.acceptPunct("^") {
		return &PathInverse{Path: p.pathElt()}
	}
	return p.pathElt()
}

// [91] PathElt ::= PathPrimary PathMod?
// [93] PathMod ::= '?' | '*' | '+'
func (p *parser) pathElt() Path {
	path := p.pathPrimary()
	for _, mod := range []string{"?", "*", "+"} {
		if p.acceptPunct(mod) {
			return &PathRepeat{Path: path, Mod: mod[0]}
		}
	}
	return path
}

// [94] PathPrimary ::= iri | 'a' | '!' PathNegatedPropertySet | '(' Path ')'
func (p *parser) pathPrimary() Path {
	switch {
	case p.atIRI():
		return p.iri()
	case p.atA():
		return p.a()
	case p.acceptPunct("!"):
		return p.pathNegated()
	case p.acceptPunct("("):
		path := p.pathAlternative()
		p.expectPunct(")")
		return path
	}
	p.expected("a property path")
	return nil
}

// [95] PathNegatedPropertySet ::= PathOneInPropertySet | '(' ( PathOneInPropertySet ( '|' PathOneInPropertySet )* )? ')'
// [96] PathOneInPropertySet ::= iri | 'a' | '^' ( iri | 'a' )
func (p *parser) pathNegated() Path {
	n := &PathNegated{}
	one := func() {
		set := &n.Forward
		if p.acceptPunct("^") {
			set = &n.Inverse
		}
		if p.atA() {
			*set = append(*set, p.a())
		} else {
			*set = append(*set, p.iri())
		}
	}
	if !p.acceptPunct("(") {
		one()
		return n
	}
	if p.acceptPunct(")") {
		return n
	}
	one()
	for p.acceptPunct("|") {
		one()
	}
	p.expectPunct(")")
	return n
}
