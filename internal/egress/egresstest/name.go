package egresstest

import (
	"context"
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
)

// Names gives a resolver for whom every name leads to addresses, of which each
// question gets the next of the kind that it asks for: so a name can lead
// elsewhere the second time. It asks a name server on loopback, which ends with t.
func Names(t testing.TB, addresses ...netip.Addr) *net.Resolver {
	t.Helper()
	server, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	byKind := map[uint16][]netip.Addr{}
	for _, a := range addresses {
		kind := uint16(typeA)
		if a.Is6() {
			kind = typeAAAA
		}
		byKind[kind] = append(byKind[kind], a)
	}
	go func() {
		defer close(done)
		question, asked := make([]byte, 512), map[uint16]int{}
		next := func(kind uint16) (a netip.Addr) {
			if all := byKind[kind]; len(all) > 0 {
				a = all[asked[kind]%len(all)]
				asked[kind]++
			}
			return a
		}
		for {
			n, from, err := server.ReadFrom(question)
			if err != nil {
				return
			}
			if answer := resolve(question[:n], next); answer != nil {
				_, _ = server.WriteTo(answer, from)
			}
		}
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", server.LocalAddr().String())
	}}
}

// The parts of DNS (RFC 1035) that are needed.
const (
	headerLength = 12
	typeA        = 1
	typeAAAA     = 28
	isAnswer     = 0x8180 // response, recursion desired and available
)

// resolve answers a message of one question. Where there is no address of the
// kind it says so.
func resolve(message []byte, next func(kind uint16) netip.Addr) []byte {
	end := headerLength
	for end < len(message) && message[end] != 0 {
		end += int(message[end]) + 1
	}
	if end += 5; end > len(message) {
		return nil
	}
	answer := append([]byte(nil), message[:end]...)
	binary.BigEndian.PutUint16(answer[2:], isAnswer)
	clear(answer[6:headerLength])
	kind := binary.BigEndian.Uint16(answer[end-4:])
	a := next(kind)
	if !a.IsValid() {
		return answer
	}
	binary.BigEndian.PutUint16(answer[6:], 1)
	answer = append(answer, 0xc0, headerLength) // the name of the question
	answer = binary.BigEndian.AppendUint16(answer, kind)
	answer = binary.BigEndian.AppendUint16(answer, 1) // of the Internet
	answer = binary.BigEndian.AppendUint32(answer, 0) // not to be kept
	answer = binary.BigEndian.AppendUint16(answer, uint16(a.BitLen()/8))
	return append(answer, a.AsSlice()...)
}
