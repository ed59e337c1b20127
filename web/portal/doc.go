// Package portal is the way in for people: a start page that says what the
// graph holds, and the page on which to write a query. Both work without
// JavaScript; what they show is asked of the SPARQL engine like everything else.
package portal
