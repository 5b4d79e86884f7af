package egresstest

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// targets are addresses of this machine and its network, one of each kind.
var targets = []string{
	"127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1",
	"169.254.169.254", // where clouds tell a machine's secrets
	"100.64.0.1",      // shared by a provider's customers
}

// others are written in one way only, or belong to no target.
var others = []string{
	"localhost", "LOCALHOST", "localhost.", "LocalHost.", "localhost.localdomain", "ip6-localhost", "ip6-loopback",
	"127.1", "127.0.1", "0", "0x7f.1", "0177.1", "127.0x1", "①②⑦.0.0.1", "127。0。0。1", "127．0．0．1", "1２7.0.0.1",
	"[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[0000:0000:0000:0000:0000:0000:0000:0001]", "[::0001]", "[::1%25lo]", "[::1%25eth0]", "[::1%251]", "[::%25lo]",
	"[fe80::1]", "[fe80::1%25lo]", "[fe80::1%25eth0]", "[febf::1]", "[fec0::1]", "[fc00::1]", "[fd00::1]", "[fd00:ec2::254]",
	"[ff02::1]", "[ff01::1%25lo]", "[ff05::2]", "[100::1]", "[2001:db8::1]", "[2001:2::1]", "[2001:10::1]", "[3fff::1]", "[5f00::1]",
	"198.18.0.1", "198.19.255.254", "192.0.0.1", "192.0.0.170", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1",
	"224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "172.31.255.254", "192.168.255.254", "10.255.255.254", "100.127.255.254",
	"169.254.170.2", "169.254.0.1", "0.0.0.1", "0.255.255.255",
	"user@127.0.0.1", "user:password@127.0.0.1", "example.com@127.0.0.1", "example.com:80@127.0.0.1", "127.0.0.1%2f@127.0.0.1",
	"%31%32%37.0.0.1", "127.0.0.1%00.example.com", "127.0.0.1%20", "%20127.0.0.1", "127.0.0.1%0d%0a", "127.0.0.1%09",
}

// Hosts are ways to write addresses that only this machine or its network
// reaches, as they stand in a URL: more than 200. Some do not even parse, or
// resolve: all that counts is that none is dialled.
func Hosts() (all []string) {
	seen := map[string]bool{}
	add := func(host string) {
		if !seen[host] {
			seen[host] = true
			all = append(all, host)
		}
	}
	for _, text := range targets {
		for _, host := range spellings(netip.MustParseAddr(text)) {
			add(host)
		}
	}
	for _, host := range others {
		add(host)
	}
	return all
}

// Plain is a host as it stands outside of a URL, where it may be a user's
// setting; of what only a URL can have, it is what is left.
func Plain(host string) string {
	host = host[strings.LastIndexByte(host, '@')+1:]
	if text, err := url.PathUnescape(host); err == nil {
		host = text
	}
	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}

// spellings are ways to write an IPv4 address.
func spellings(a netip.Addr) []string {
	b := a.As4()
	n := uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
	high, low := n>>16, n&0xffff
	each := func(format string) string { return fmt.Sprintf(format, b[0], b[1], b[2], b[3]) }
	return []string{
		a.String(), a.String() + ".", "user@" + a.String(),
		fmt.Sprint(n), fmt.Sprintf("%#x", n), fmt.Sprintf("0%o", n), fmt.Sprintf("%d", uint64(n)+1<<32),
		each("0x%x.0x%x.0x%x.0x%x"), each("0%o.0%o.0%o.0%o"), each("%03d.%03d.%03d.%03d"),
		fmt.Sprintf("%d.%d.%d", b[0], b[1], low), fmt.Sprintf("%d.%d", b[0], n&0xffffff),
		fmt.Sprintf("[::ffff:%s]", a), fmt.Sprintf("[::ffff:%x:%x]", high, low), fmt.Sprintf("[0:0:0:0:0:ffff:%s]", a),
		fmt.Sprintf("[::%s]", a), fmt.Sprintf("[::ffff:0:%s]", a), // compatible, and translated
		fmt.Sprintf("[64:ff9b::%x:%x]", high, low), fmt.Sprintf("[64:ff9b:1::%x:%x]", high, low), // NAT64
		fmt.Sprintf("[2002:%x:%x::]", high, low), fmt.Sprintf("[2002:%x:%x::1]", high, low), // 6to4
		fmt.Sprintf("[2001:0:%x:%x::1]", high, low),    // Teredo
		fmt.Sprintf("[fe80::5efe:%x:%x]", high, low),   // ISATAP
		fmt.Sprintf("[::ffff:%x:%x%%25lo]", high, low), // with a zone
		strings.Map(wide, a.String()), strings.Map(circled, a.String()),
	}
}

// wide and circled are digits that some programs take for plain ones.
func wide(r rune) rune {
	if r >= '0' && r <= '9' {
		return '０' + r - '0'
	}
	return r
}

func circled(r rune) rune {
	switch {
	case r == '0':
		return '⓪'
	case r >= '1' && r <= '9':
		return '①' + r - '1'
	}
	return r
}
