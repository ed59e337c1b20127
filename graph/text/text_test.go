package text_test

import (
	"fmt"
	"strings"
	"testing"

	"qlgraph/graph/rdf"
	"qlgraph/graph/text"
)

func TestDebug(t *testing.T) {
	x := text.NewLexicon()
	for _, c := range [][2]string{{"de", "Einführung in die Datenbanken der Universitäten"}, {"fr", "l’université et les étudiants des Systèmes"}, {"en", "The students' data-driven economics, universities"},
		{"pl", "Wstęp do uczenia maszynowego"}, {"el", "Εισαγωγή στις βάσεις δεδομένων"}, {"fi", "Johdatus tietokantoihin"}, {"cs", "Úvod do databází"}, {"nb", "Innføring i økonomi"}, {"mt", "Introduzzjoni għall-Ekonomija"}, {"hu", "Bevezetés az adatbázisokba"}, {"bg", "Въведение в икономиката"}, {"hr", "Uvod u baze podataka"}, {"tr","Veritabanlarına giriş"}} {
		var b strings.Builder
		x.Each(c[0], c[1], func(w *text.Word) bool { fmt.Fprintf(&b, " %s/%s", w.Form, w.Stem); return true })
		t.Log(c[0], b.String())
	}
	_ = rdf.Term{}
}
