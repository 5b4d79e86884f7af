package utility

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/stdlib"
	mssql "github.com/microsoft/go-mssqldb"
	"github.com/microsoft/go-mssqldb/msdsn"

	"github.com/tandem-ipaas/tandem/internal/invoke"
)

// target is a database that a connector names.
type target struct {
	host, address  string
	user, password string
	name           string
	settings       *tls.Config // nil: not encrypted
}

// connect makes the pool, of one connection that is not replaced, which a
// statement has.
func (d *database) connect(s *session, in *input, roots *x509.CertPool) (*sql.DB, *invoke.Error) {
	host, address := in.address(d.port)
	to := target{host: host, address: address, user: in.User, password: in.Password, name: in.text("Database")}
	if in.choice("Encryption", "Required", "None") == "Required" {
		to.settings = in.secure(host, roots)
	}
	if to.user == "" {
		in.fail("a user name is required")
	}
	if strings.ContainsRune(to.user+to.password+to.name, 0) {
		in.fail("user, password and Database cannot have a zero character")
	}
	if in.err != nil {
		return nil, in.err
	}
	connector, err := d.connector(s, to)
	if err != nil {
		return nil, buildError("the settings of the database cannot be used") // err may quote them
	}
	db := sql.OpenDB(&single{Connector: connector})
	db.SetMaxOpenConns(1)
	return db, nil
}

// single connects once: what database/sql would try again gets the same error.
type single struct {
	driver.Connector
	once sync.Once
	err  error
}

// errUsed is for a second connection, which nobody asks for.
var errUsed = errors.New("the connection was lost")

// Connect implements driver.Connector.
func (c *single) Connect(ctx context.Context) (conn driver.Conn, _ error) {
	c.once.Do(func() {
		var opened driver.Conn
		if opened, c.err = c.Connector.Connect(ctx); c.err == nil { // else it may be a typed nil
			conn, c.err = opened, errUsed
		}
	})
	if conn == nil {
		return nil, c.err
	}
	return conn, nil
}

// postgres makes a connector without what the library finds in the environment
// and in files of this machine: all that it may read there is set here.
func postgres(s *session, to target) (driver.Connector, error) {
	const fixed = "host=127.0.0.1 port=5432 user=none password=none dbname=none passfile='' sslmode=disable sslcertmode=disable sslnegotiation=postgres " +
		"sslcert='' sslkey='' sslrootcert='' sslpassword='' sslsni=1 " +
		"target_session_attrs=any connect_timeout=0 application_name=Tandem min_protocol_version=3.0 max_protocol_version=3.0 channel_binding=prefer require_auth=''"
	c, err := pgx.ParseConfig(fixed)
	if err != nil {
		return nil, err
	}
	port, err := portOf(to.address)
	if err != nil {
		return nil, err
	}
	c.Host, c.Port, c.Database, c.User, c.Password = to.host, port, to.name, to.user, to.password
	c.TLSConfig, c.Fallbacks, c.SSLCertMode = to.settings, nil, "disable"
	c.RuntimeParams = map[string]string{"application_name": "Tandem", "timezone": "UTC"}
	c.KerberosSrvName, c.KerberosSpn, c.ValidateConnect = "", "", nil
	c.LookupFunc = func(_ context.Context, host string) ([]string, error) { return []string{host}, nil }
	c.DialFunc = s.once
	c.MaxProtocolMessageBodyLen = int(min(s.left.Load(), 1<<30))
	c.DefaultQueryExecMode, c.StatementCacheCapacity, c.DescriptionCacheCapacity = pgx.QueryExecModeDescribeExec, 0, 0
	return stdlib.GetConnector(*c), nil
}

func portOf(address string) (uint16, error) {
	_, port, _ := strings.Cut(address[strings.LastIndexByte(address, ']')+1:], ":")
	n, err := strconv.ParseUint(port, 10, 16)
	return uint16(n), err
}

func mySQL(s *session, to target) (driver.Connector, error) {
	c := mysql.NewConfig()
	c.User, c.Passwd, c.Net, c.Addr, c.DBName = to.user, to.password, "tcp", to.address, to.name
	c.TLS, c.DialFunc, c.Logger = to.settings, s.once, &mysql.NopLogger{}
	c.ParseTime, c.Loc, c.CheckConnLiveness = true, time.UTC, false
	c.AllowCleartextPasswords = to.settings != nil
	c.ConnectionAttributes = "program_name:Tandem"
	return mysql.NewConnector(c)
}

// sqlServer goes to the port that is given, and asks no browser service for it.
func sqlServer(s *session, to target) (driver.Connector, error) {
	encrypt := "disable"
	if to.settings != nil {
		encrypt = "true"
	}
	dsn := url.URL{Scheme: "sqlserver", Host: to.address, User: url.UserPassword(to.user, to.password), RawQuery: url.Values{
		"database": {to.name}, "encrypt": {encrypt}, "app name": {"Tandem"}, "workstation id": {"Tandem"}, "protocol": {"tcp"},
		"multisubnetfailover": {"false"}, "epa enabled": {"false"}, "notraceid": {"true"}, "disableretry": {"true"}, "dial timeout": {"60"},
	}.Encode()}
	c, err := msdsn.Parse(dsn.String())
	if err != nil {
		return nil, err
	}
	c.TLSConfig, c.Host, c.HostInCertificateProvided = to.settings, to.host, true
	c.User, c.Password, c.Database = to.user, to.password, to.name // as they are, whatever a URL made of them
	c.ServerSPN = "MSSQLSvc/" + to.address
	if to.settings != nil {
		c.TLSConfig = to.settings.Clone()
		c.TLSConfig.DynamicRecordSizingDisabled = true // some servers want whole packets in records
	}
	connector := mssql.NewConnectorConfig(c)
	connector.Dialer = onlyDialer{s}
	return connector, nil
}

// onlyDialer keeps SQL Server's library from looking names up by itself.
type onlyDialer struct{ *session }

// DialContext implements mssql.Dialer.
func (d onlyDialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	return d.once(ctx, network, address)
}

// HostName implements mssql.HostDialer.
func (d onlyDialer) HostName() string { return "" }

// postgresFailed tells what PostgreSQL said; nil if it said nothing.
func postgresFailed(err error) *invoke.Error {
	said, long := (*pgconn.PgError)(nil), (*pgproto3.ExceededMaxBodyLenErr)(nil)
	switch {
	case errors.As(err, &long):
		return formatError("%v", errSaysTooMuch)
	case strings.Contains(err.Error(), "server refused TLS connection"): // of no type
		return callError(invoke.Permanent, "the server offers no encryption")
	case !errors.As(err, &said):
		return nil
	}
	text := said.Message
	if said.Detail != "" {
		text += ". " + said.Detail
	}
	switch class := said.Code[:min(2, len(said.Code))]; {
	case class == "28" || said.Code == "3D000": // or no such database
		return authError("the database said: %s", text)
	case class == "08" || class == "40" || class == "53" || class == "57" || said.Code == "55P03":
		return callError(invoke.Transient, "the database said: %s (%s)", text, said.Code)
	}
	return callError(invoke.Permanent, "the database said: %s (%s)", text, said.Code)
}

// Numbers of errors that lie in who asks, or in the moment.
var (
	mySQLDenied     = map[uint16]bool{1044: true, 1045: true, 1049: true, 1130: true, 1698: true}
	mySQLPassing    = map[uint16]bool{1040: true, 1053: true, 1203: true, 1205: true, 1213: true, 1317: true, 1969: true, 3024: true}
	sqlServerDenied = map[int32]bool{4060: true, 18452: true, 18456: true, 18470: true, 18486: true, 18487: true, 18488: true}
	sqlServerPasses = map[int32]bool{1205: true, 1222: true, 3960: true, 4221: true, 10928: true, 10929: true, 40197: true, 40501: true, 40613: true, 49918: true, 49919: true, 49920: true}
)

func mySQLFailed(err error) *invoke.Error {
	said := (*mysql.MySQLError)(nil)
	switch {
	case errors.Is(err, mysql.ErrNoTLS):
		return callError(invoke.Permanent, "the server offers no encryption")
	case errors.Is(err, mysql.ErrInvalidConn), errors.Is(err, driver.ErrBadConn):
		return callError(invoke.Transient, "the connection was lost")
	case !errors.As(err, &said):
		return nil
	case mySQLDenied[said.Number]:
		return authError("the database said: %s", said.Message)
	case mySQLPassing[said.Number]:
		return callError(invoke.Transient, "the database said: %s (%d)", said.Message, said.Number)
	}
	return callError(invoke.Permanent, "the database said: %s (%d)", said.Message, said.Number)
}

func sqlServerFailed(err error) *invoke.Error {
	said := mssql.Error{}
	switch {
	case errors.Is(err, driver.ErrBadConn):
		return callError(invoke.Transient, "the connection was lost")
	case !errors.As(err, &said):
		return nil
	case sqlServerDenied[said.Number]:
		return authError("the database said: %s", said.Message)
	case sqlServerPasses[said.Number]:
		return callError(invoke.Transient, "the database said: %s (%d)", said.Message, said.Number)
	}
	return callError(invoke.Permanent, "the database said: %s (%d)", said.Message, said.Number)
}
