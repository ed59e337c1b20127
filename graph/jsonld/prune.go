package jsonld

import "strings"

// prune returns the part of a context that a document in it needs: the document
// still explains itself, without a hundred lines about what it does not mention.
// Contexts with scoped ones are returned as they are.
func prune(context any, document object) any {
	all, ok := context.(object)
	if !ok || !selfContained(context) {
		return context
	}
	used := make(map[string]bool)
	mentioned(document, used)
	part := make(object)
	for term, definition := range all {
		alias, _ := definition.(string)
		if used[term] || strings.HasPrefix(term, "@") || strings.HasPrefix(alias, "@") {
			part[term] = definition
		}
	}
	for _, definition := range part {
		mentioned(definition, used)
	}
	for name := range used {
		prefix, _, _ := strings.Cut(name, ":")
		if definition, ok := all[prefix]; ok {
			part[prefix] = definition
		}
	}
	return part
}

// mentioned collects the names and strings in a value: some are terms, or start
// with a prefix.
func mentioned(v any, names map[string]bool) {
	switch v := v.(type) {
	case string:
		names[v] = true
	case []any:
		for _, item := range v {
			mentioned(item, names)
		}
	case object:
		for name, item := range v {
			names[name] = true
			mentioned(item, names)
		}
	}
}
