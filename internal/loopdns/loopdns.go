package loopdns

import (
	"errors"
	"net"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// Records are what a name has.
type Records struct {
	TXT  []string // longer than 255 bytes: several character-strings
	A    [4]byte  // zero: no address
	Fail bool     // answer SERVFAIL
}

// Zone maps names, lower case and without the final dot, to their records.
type Zone map[string]Records

// Server answers from a Zone until it is closed.
type Server struct {
	conn net.PacketConn
	zone Zone
	done chan struct{}
}

// Listen starts a server on a free loopback port.
func Listen(zone Zone) (*Server, error) {
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{conn: conn, zone: zone, done: make(chan struct{})}
	go s.serve()
	return s, nil
}

// Addr returns the server's "host:port".
func (s *Server) Addr() string { return s.conn.LocalAddr().String() }

// Close stops the server and waits for its goroutine.
func (s *Server) Close() error {
	err := s.conn.Close()
	<-s.done
	return err
}

func (s *Server) serve() {
	defer close(s.done)
	buf := make([]byte, 1500)
	for {
		n, from, err := s.conn.ReadFrom(buf)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		if answer, err := s.answer(buf[:n]); err == nil {
			s.conn.WriteTo(answer, from) // UDP: the client asks again
		}
	}
}

// answer makes the response message for a query message.
func (s *Server) answer(query []byte) ([]byte, error) {
	var p dnsmessage.Parser
	header, err := p.Start(query)
	if err != nil {
		return nil, err
	}
	question, err := p.Question()
	if err != nil {
		return nil, err
	}
	records, exists := s.zone[strings.ToLower(strings.TrimSuffix(question.Name.String(), "."))]
	response := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: header.ID, Response: true, Authoritative: true, RecursionDesired: header.RecursionDesired, RecursionAvailable: true},
		Questions: []dnsmessage.Question{question},
	}
	switch {
	case records.Fail:
		response.RCode = dnsmessage.RCodeServerFailure
	case !exists:
		response.RCode = dnsmessage.RCodeNameError
	case question.Type == dnsmessage.TypeTXT:
		for _, text := range records.TXT {
			response.Answers = append(response.Answers, resource(question, &dnsmessage.TXTResource{TXT: characterStrings(text)}))
		}
	case question.Type == dnsmessage.TypeA && records.A != [4]byte{}:
		response.Answers = append(response.Answers, resource(question, &dnsmessage.AResource{A: records.A}))
	}
	return response.Pack()
}

func resource(q dnsmessage.Question, body dnsmessage.ResourceBody) dnsmessage.Resource {
	return dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: dnsmessage.ClassINET, TTL: 1}, Body: body}
}

// characterStrings cuts a text into pieces of 255 bytes (RFC 1035 §3.3.14).
func characterStrings(text string) []string {
	const most = 255
	var parts []string
	for len(text) > most {
		parts, text = append(parts, text[:most]), text[most:]
	}
	return append(parts, text)
}
