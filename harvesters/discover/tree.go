package discover

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxDepth bounds the nesting of a manifest, which needs five levels.
const maxDepth = 32

// node is a value of a manifest, whichever syntax it was written in. Scalars
// keep their text, so that a version 3.10 does not become 3.1.
type node struct {
	line   int
	object []member // nil unless an object
	list   []node   // nil unless an array
	text   string   // of a scalar
	kind   nodeKind
}

type member struct {
	key   string
	value node
}

type nodeKind uint8

const (
	nullNode nodeKind = iota
	scalarNode
	listNode
	objectNode
)

// get returns the member with the key.
func (n node) get(key string) (node, bool) {
	for _, m := range n.object {
		if m.key == key && m.value.kind != nullNode {
			return m.value, true
		}
	}
	return node{}, false
}

// parseTree reads JSON or YAML, by what the text looks like.
func parseTree(body []byte) (node, error) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	text := bytes.TrimSpace(body)
	switch {
	case len(text) == 0:
		return node{}, errors.New("the file is empty")
	case text[0] == '<':
		return node{}, errors.New("a web page or XML came instead of JSON or YAML: some servers answer so for any address")
	case text[0] == '{' || text[0] == '[':
		n, jsonErr := parseJSON(body)
		if jsonErr == nil {
			return n, nil
		}
		if n, err := parseYAML(body); err == nil {
			return n, nil // YAML's flow style looks like JSON
		}
		return node{}, jsonErr
	}
	return parseYAML(body)
}

// parseYAML reads the first document. Aliases, merge keys and tags are refused:
// the first two can make a small text huge, and a manifest needs none of them.
func parseYAML(body []byte) (node, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(body, &document); err != nil {
		return node{}, fmt.Errorf("neither JSON nor YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(document.Content) == 0 {
		return node{}, errors.New("the file is empty")
	}
	return fromYAML(document.Content[0], 0)
}

func fromYAML(y *yaml.Node, depth int) (node, error) {
	n := node{line: y.Line}
	switch {
	case depth > maxDepth:
		return n, fmt.Errorf("line %d: nested more than %d levels deep", y.Line, maxDepth)
	case y.Kind == yaml.AliasNode || y.Anchor != "":
		return n, fmt.Errorf("line %d: YAML anchors and aliases are not accepted; write the value out", y.Line)
	case y.Style&yaml.TaggedStyle != 0:
		return n, fmt.Errorf("line %d: the YAML tag %.40s is not accepted; remove it", y.Line, y.Tag)
	}
	switch y.Kind {
	case yaml.MappingNode:
		n.kind = objectNode
		for i := 0; i+1 < len(y.Content); i += 2 {
			key := y.Content[i]
			if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
				return n, fmt.Errorf("line %d: keys must be plain text", key.Line)
			}
			value, err := fromYAML(y.Content[i+1], depth+1)
			if err != nil {
				return n, err
			}
			if n, err = n.with(key.Value, value, key.Line); err != nil {
				return n, err
			}
		}
	case yaml.SequenceNode:
		n.kind = listNode
		for _, item := range y.Content {
			value, err := fromYAML(item, depth+1)
			if err != nil {
				return n, err
			}
			n.list = append(n.list, value)
		}
	default:
		if y.Tag != "!!null" {
			n.kind, n.text = scalarNode, y.Value
		}
	}
	return n, nil
}

// with adds a member, unless its key is there already: which of the two counts
// would be a guess.
func (n node) with(key string, value node, line int) (node, error) {
	for _, m := range n.object {
		if m.key == key {
			return n, fmt.Errorf("line %d: the key %q is there twice", line, key)
		}
	}
	n.object = append(n.object, member{key, value})
	return n, nil
}

// parseJSON reads a JSON text with its lines.
func parseJSON(body []byte) (node, error) {
	p := &jsonParser{body: body, decoder: json.NewDecoder(bytes.NewReader(body))}
	p.decoder.UseNumber()
	n, err := p.value(0)
	if err == nil && p.decoder.More() {
		err = errors.New("text after the end of the JSON value")
	}
	if err != nil {
		return node{}, fmt.Errorf("not JSON: line %d: %s", p.line(), strings.TrimPrefix(err.Error(), "json: "))
	}
	return n, nil
}

type jsonParser struct {
	body    []byte
	decoder *json.Decoder
	offset  int // up to which lines were counted
	lines   int
}

func (p *jsonParser) line() int {
	at := min(int(p.decoder.InputOffset()), len(p.body))
	p.lines += bytes.Count(p.body[p.offset:at], []byte("\n"))
	p.offset = at
	return p.lines + 1
}

func (p *jsonParser) value(depth int) (node, error) {
	if depth > maxDepth {
		return node{}, fmt.Errorf("nested more than %d levels deep", maxDepth)
	}
	token, err := p.decoder.Token()
	if err != nil {
		return node{}, err
	}
	n := node{line: p.line()}
	switch token := token.(type) {
	case nil:
	case json.Delim:
		if token == '{' {
			return p.members(n, depth)
		}
		return p.items(n, depth)
	default:
		n.kind, n.text = scalarNode, fmt.Sprint(token)
	}
	return n, nil
}

func (p *jsonParser) members(n node, depth int) (node, error) {
	n.kind = objectNode
	for p.decoder.More() {
		key, err := p.decoder.Token()
		if err != nil {
			return n, err
		}
		value, err := p.value(depth + 1)
		if err != nil {
			return n, err
		}
		if n, err = n.with(fmt.Sprint(key), value, p.line()); err != nil {
			return n, err
		}
	}
	_, err := p.decoder.Token()
	return n, err
}

func (p *jsonParser) items(n node, depth int) (node, error) {
	n.kind = listNode
	for p.decoder.More() {
		item, err := p.value(depth + 1)
		if err != nil {
			return n, err
		}
		n.list = append(n.list, item)
	}
	_, err := p.decoder.Token()
	return n, err
}
