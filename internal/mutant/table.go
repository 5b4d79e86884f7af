package mutant

import "slices"

// All is the table of seeded faults.
func All() []Mutant {
	return slices.Concat(tenancy(), policies(), secrets(), people(), durability(), rules(), places())
}

// Where most faults are noticed.
const (
	api      = "./internal/api"
	store    = "./internal/store"
	identity = "./internal/identity"
	body     = "./internal/body"

	matrix = "TestMatrix/SQLite"
)

// one is a fault of one edit.
func one(name, file, old, replaced, pkg, run string) Mutant {
	return Mutant{name, []Edit{{file, old, replaced}}, pkg, run}
}

// tenancy are filters that queries have lost.
func tenancy() []Mutant {
	const (
		mine   = "WHERE partner = $1 AND"
		anyone = "WHERE (partner = $1 OR true) AND"
	)
	return []Mutant{
		one("cycles of any account", "internal/store/cycle.go", "` WHERE c.account = $1 AND c.id = $2 AND c.deleted_at = 0`",
			"` WHERE (c.account = $1 OR true) AND c.id = $2 AND c.deleted_at = 0`", api, matrix),
		one("stores of any account", "internal/store/storage.go", "i.storage = storage.id WHERE storage.account = $1", "i.storage = storage.id WHERE (storage.account = $1 OR true)", store, "TestSQLite/storage$"),
		one("transactions of any account", "internal/store/transaction.go", "FROM txn WHERE account = $1 AND id = $2`",
			"FROM txn WHERE (account = $1 OR true) AND id = $2`", api, matrix),
		one("connectors of any account", "internal/store/account_connector.go", "ac ON ac.account = above.id WHERE ac.id = $2",
			"ac ON true WHERE ac.id = $2", api, matrix),
		one("accounts of any partner", "internal/store/account.go", "WHERE a.partner = $1 AND a.api_id = $2 AND a.deleted_at = 0`, p, spelling)",
			"WHERE (a.partner = $1 OR true) AND a.api_id = $2 AND a.deleted_at = 0`, p, spelling)", api, matrix),
		one("templates of any partner", "internal/store/template.go", "WHERE t.partner = $1 AND t.id = $2 AND t.deleted_at = 0`",
			"WHERE (t.partner = $1 OR true) AND t.id = $2 AND t.deleted_at = 0`", api, matrix),
		one("folders of any partner", "internal/store/folder.go", "WHERE f.partner = $1 AND f.id = $2", "WHERE (f.partner = $1 OR true) AND f.id = $2", api, matrix),
		one("users of any partner", "internal/store/user.go", "WHERE u.partner = $1 AND u.id = $2 AND u.kind < $3`",
			"WHERE (u.partner = $1 OR true) AND u.id = $2 AND u.kind < $3`", api, matrix),
		one("marketplaces of any partner", "internal/store/marketplace.go", "name, description FROM marketplace "+mine+" id = $2`, p, id)",
			"name, description FROM marketplace "+anyone+" id = $2`, p, id)", api, matrix),
		one("OAuth clients of any partner", "internal/store/oauth_client.go", "oauthClientQuery+` "+mine+" id = $2`", "oauthClientQuery+` "+anyone+" id = $2`", api, matrix),
		one("sessions of any partner", "internal/store/session.go", "DELETE FROM session "+mine+" id = $2", "DELETE FROM session "+anyone+" id = $2", store, "TestSQLite/session"),
		one("console users of any partner", "internal/store/console_user.go", "s.read(), consoleUserName(id), scanConsoleUser, consoleUserQuery(\"\")+` WHERE u.partner = $1 AND",
			"s.read(), consoleUserName(id), scanConsoleUser, consoleUserQuery(\"\")+` WHERE (u.partner = $1 OR true) AND", identity, "TestConsoleUsersOfOthers"),
		one("changes of any partner", "internal/store/change.go", "FROM audit "+mine+" seq > $2", "FROM audit "+anyone+" seq > $2", store, "TestSQLite/changes"),
		one("changes told of any account", "internal/api/change.go", "own != nil && own.APIID == c.AccountID", "own != nil", api, "TestChanges/SQLite"),
	}
}

// policies are questions that are not asked.
func policies() []Mutant {
	const policy = "internal/policy/policy.go"
	return []Mutant{
		one("permissions unchecked", "permission.go", "case who.ConsoleUser != 0 && !who.Permissions.Allow(n.Area, n.Level):",
			"case who.ConsoleUser != 0 && !who.Permissions.Allow(n.Area, n.Level) && false:", ".", "TestNeed"),
		one("administrators unchecked", "permission.go", "n.Administrator && !who.Administrator", "n.Administrator && !who.Administrator && false", ".", "TestNeed"),
		one("account header trusted over the token", policy, "case p.Account != 0 && (err != nil || a.ID != p.Account):",
			"case p.Account != 0 && (err != nil || a.ID != p.Account) && false:", "./internal/policy", "TestAccount"),
		one("two accounts named at once", policy, "case 1:\n\t\treturn ids[0], nil", "case 1, 2:\n\t\treturn ids[0], nil", "./internal/policy", "TestAccount"),
		one("restricted tokens at partner level", policy, "if p.Account != 0 {\n\t\treturn 0, ", "if p.Account != 0 && false {\n\t\treturn 0, ", "./internal/policy", "TestPartner"),
		one("any account read by restricted tokens", policy, "err == nil && a.ID != r.Account) {", "err == nil && a.ID != r.Account && false) {", "./internal/policy", "TestShared"),
		one("suspended accounts changed", policy, "case !a.Enabled && need.Level > tandem.ViewLevel:", "case !a.Enabled && need.Level > tandem.ViewLevel && false:", "./internal/policy", "TestSuspendedAccount"),
		one("changes told to who may not look", "internal/api/change.go", "visible && a.need.Check(who) == nil", "visible", api, "TestChanges/SQLite"),
		one("connectors brought by anybody", "internal/template/file.go", "err = how.NoConnectors", "err = nil", "./internal/template", "TestConnectorsComeWithTheFile"),
		one("cycles edited while they run", "cycle.go", "if c.Status != CyclePaused {", "if c.Status != CyclePaused && false {", "./internal/cycle", "TestStates"),
		one("allowlists unchecked", "internal/identity/gate.go", "if len(networks) == 0 || within(networks, address) {", "if len(networks) == 0 || within(networks, address) || true {", identity, "TestConsoleAddresses"),
		one("X-Forwarded-For of anybody believed", "internal/app/proxy.go", "return slices.ContainsFunc(trusted,", "return true || slices.ContainsFunc(trusted,", "./internal/app", "TestFromClients"),
		one("browsers' requests from any origin", "internal/embed/visit.go", "if e.origin.Check(r) != nil {\n\t\treturn tandem.Principal{}, errSignedOut", "if e.origin.Check(r) != nil && false {\n\t\treturn tandem.Principal{}, errSignedOut", "./internal/embed", "TestBrowserCallsAPI"),
		one("browsers' reading for other sites", "internal/app/browser.go", `site == "cross-site" || site == "same-site"`, `site == "elsewhere"`, "./internal/embed", "TestBrowserCallsAPI"),
		one("answers without security headers", "internal/app/header.go", "h.Set(header[0], header[1])", "_ = header", "./internal/app", "TestHeadersOfEveryAnswer"),
		one("cookies that other hosts may set", "internal/console/session.go", "\t\treturn hostPrefix\n", "\t\treturn \"\"\n", "./internal/console", "TestSecureCookieBehindProxy"),
	}
}

// secrets are things that get out, and calls that get in.
func secrets() []Mutant {
	const client = "internal/egress/client.go"
	return []Mutant{
		one("bodies not redacted", "internal/invoke/redact.go", "if len(s.forms) == 0 {\n\t\treturn false", "if len(s.forms) >= 0 {\n\t\treturn false", "./internal/invoke", "TestEchoedCredentials"),
		one("texts not redacted", "internal/invoke/redact.go", "if strings.Contains(t, form) {", "if strings.Contains(t, form) && false {", "./internal/invoke", "TestEchoedCredentials|TestErrorsHoldNoCredentials"),
		one("credentials shown to a step's script", "internal/invoke/veil.go", "!x.secrets.suspect(raw) {", "!x.secrets.suspect(raw) || true {", "./internal/invoke", "TestStepScriptHasNoCredentials"),
		one("requests led elsewhere by a step's script", "internal/invoke/script_trip.go", "if hostOf(x.url) != host {", "if hostOf(x.url) != host && false {", "./internal/invoke", "TestStepScriptHasNoCredentials"),
		one("credentials in a script's requests to anybody", "internal/invoke/script_host.go", "if h.trusted && h.own(req.URL) {", "if h.trusted {", "./internal/invoke", "TestHTTPRequest"),
		one("credentials in a step's own requests", "internal/invoke/script_host.go", "if h.trusted && h.own(req.URL) {", "if h.own(req.URL) {", "./internal/invoke", "TestHTTPRequest"),
		one("credentials in the documents of steps", "internal/invoke/body.go", "doc = connector.CloneDocument(x.call.Body)", "doc = x.call.Body", "./internal/invoke", "TestBodyOfCredentialsIsACopy"),
		one("calls change what steps gave", "internal/workflow/input.go", "v = connector.CloneDocument(v)", "_ = connector.CloneDocument", "./internal/workflow", "TestInputIsACopy"),
		one("moves that compare nothing", "internal/store/move.go", "arrived != source.sum ||", "", "./internal/store", "TestMoveCompares"),
		one("moves of the engine's own marks", "internal/store/move_row.go", `row[column(r.table, "admitted")] = int64(0)`, "", "./internal/store", "TestMoveAdmitsAnew"),
		one("nodes that stop without a word", "internal/app/ready.go", "a.leaving.Store(true)", "", "./internal/app", "TestNotReadyBeforeTheEnd"),
		one("credentials to hosts that a parameter chooses", "internal/invoke/url.go", "return x.admitted()", "return nil", "./internal/invoke", "TestHostOfParameter"),
		one("lists of hosts that list all", "internal/invoke/host.go", "if hostListed(x.call.Properties[connector.HostsProperty], to) {", "if hostListed(x.call.Properties[connector.HostsProperty], to) || true {", "./internal/invoke", "TestHostOfParameter$"),
		one("derived tokens shown to a step's script", "internal/invoke/script_trip.go", "x.conceal()\n\tif x.stepHandles(e) {", "if x.stepHandles(e) {", "./internal/invoke", "TestDerivedCredentialsStayHidden"),
		one("secrets in storage shown to a step's script", "internal/app/builtin.go", "of.Purpose = tandem.StoredByStep", "of.Purpose = tandem.StoredByScript", "./internal/app", "TestScriptStorage"),
		one("a partner's secrets to a host of the account's", "internal/connection/resolve.go", "misled := o.misled()", `misled := ""`, "./internal/connection", "TestPartnersSecretProperty"),
		one("a partner's secrets to whom the account gets tokens from", "internal/connection/client.go", "o.properties(o.astray())", `o.properties("")`, "./internal/connection", "TestPartnersSecretInTokenRequests"),
		one("bodies redirected to another host", "internal/egress/client.go", "if req.Body != nil && req.Body != http.NoBody {", "if req.Body != nil && req.Body != http.NoBody && false {", "./internal/egress", "TestRedirectKeepsBodies"),
		one("certificates shown to another host", "internal/egress/variant.go", "if elsewhere(req, via) {", "if elsewhere(req, via) && false {", "./internal/egress", "TestWithCertificate"),
		one("replies of scripts that act for this domain", "internal/trigger/script.go", "if name, ok := tandem.AnswerHeader(name); ok {", "if name, ok := tandem.AnswerHeader(name); ok || name != \"\" {", "./internal/trigger", "TestReplyIsHarmless"),
		one("signatures that say anything", "internal/signature/signature.go", "if !right {", "if !right && false {", "./internal/signature", "TestVerify"),
		one("signatures of long ago", "internal/signature/signature.go", "timestamp = when(s, parts, r.Header); !recent(timestamp, s.Tolerance, now)", "timestamp = when(s, parts, r.Header); false", "./internal/signature", "TestVerify"),
		one("addresses unchecked at the dial", client, "Control: guard.Safe, Resolver: o.Resolver}", "Resolver: o.Resolver}\n\t_ = guard", "./internal/egress", "TestRefusesInward"),
		one("credentials kept across redirects", client, "req.Header.Del(name)", "_ = name", "./internal/egress", "TestRedirectDropsCredentials"),
		{
			"credentials not sealed",
			[]Edit{
				{"internal/connection/secret.go", "c.Sealed, err = s.vault.Seal(key, place(c), tandem.Secret(plain))", "_ = key\n\tc.Sealed = plain"},
				{"internal/connection/secret.go", "plain, err := s.vault.Open(key, place(c), c.Sealed)", "_ = key\n\tplain := c.Sealed"},
			},
			"./internal/connection", "TestNothingInPlainText",
		},
		one("sealed values not bound to their place", "internal/vault/vault.go", `fmt.Appendf(nil, "%d|%q|%q", p.Account, p.Record, p.Field)`,
			`fmt.Appendf(nil, "%d", p.Account)`, "./internal/vault", "TestOpenRefusesAnotherPlace"),
		one("templates with secrets of an account", "internal/template/from_cycle.go", "strip(shelf, &d.Graph, defaults)", "strip(shelf, &tandem.Graph{}, defaults)", "./internal/template", "TestSecretsStayInTheAccount"),
		one("files with secrets", "internal/template/file.go", "strip(shelf, &f.Graph, nil)", "_ = shelf", "./internal/template", "TestExportOfOwnConnectors"),
		one("connectors with secrets", "connector/portable.go", "u.Parameters[i].conceal()", "_ = i", "./internal/template", "TestExportOfOwnConnectors"),
		one("formulas in CSV", "internal/sheet/sheet.go", "safe[i] = Guard(c)", "safe[i] = c", "./internal/sheet", "TestWriter"),
		one("return URLs unchecked", "internal/embed/relative.go", "if !plainPath(path) {", "if !plainPath(path) && false {", "./internal/embed", "TestRelative"),
	}
}

// people are ways in that stand open.
func people() []Mutant {
	const tickets, users = "internal/store/ticket.go", "internal/store/console_user.go"
	const take = "`DELETE FROM ticket\n\t\t\tWHERE hash = $1 AND purpose = $2 AND expires_at > $3 AND `"
	return []Mutant{
		one("tickets used twice", tickets, take, "`UPDATE ticket SET email = email\n\t\t\tWHERE hash = $1 AND purpose = $2 AND expires_at > $3 AND `", identity, "TestTicket"),
		one("tickets of any purpose", tickets, take, "`DELETE FROM ticket\n\t\t\tWHERE hash = $1 AND (purpose = $2 OR true) AND expires_at > $3 AND `", identity, "TestTicket"),
		one("tickets past their time", tickets, take, "`DELETE FROM ticket\n\t\t\tWHERE hash = $1 AND purpose = $2 AND (expires_at > $3 OR true) AND `", identity, "TestTicket"),
		one("tokens past their time", "internal/store/identity.go", "WHERE t.hash = $1 AND t.expires_at > $2", "WHERE t.hash = $1 AND (t.expires_at > $2 OR true)", api, matrix),
		one("tokens of dead accounts", "internal/store/identity.go", "AND (t.account = 0 OR EXISTS", "AND (t.account >= 0 OR EXISTS", identity, "TestTokenDiesWithItsAccount"),
		one("sessions outlive a password", users, "if err := endSessions(ctx, tx, p, tandem.Principal{ConsoleUser: id}, but); err != nil {", "if err := error(nil); err != nil {", identity, "TestProfile"),
		one("sessions of a former password", "internal/store/session.go", "AND passwords = $2`, id, passwords)", "AND passwords >= 0 * $2`, id, passwords)", "./internal/store", "TestSQLite"),
		one("passwords unchecked", "internal/password/password.go", "return same && known, err", "return same || known, err", "./internal/password", "TestHasher"),
		one("passwords of our own words", "internal/password/check.go", "case isCommon(text), isOwn(text):", "case isCommon(text):", "./internal/password", "TestCheck"),
		one("guesses unlimited", "internal/pace/pace.go", "l.Taken = taken", "l.Taken = taken || true", "./internal/pace", "TestTake"),
		one("guesses of passwords uncounted", "internal/identity/entrance.go", "if err := tries.take(); err != nil {", "if err := tries.take(); err != nil && false {", identity, "TestGuessing"),
		one("invitations accepted for somebody else", "internal/tenant/invitation.go", "case !same:", "case !same && false:", "./internal/tenant", "TestPeople"),
		one("nobody with Full Access left", users, "return oneHasFullAccess(ctx, tx, p)", "return nil", identity, "TestLastFullAccess"),
	}
}

// durability are losses and doublings.
func durability() []Mutant {
	const batch = "internal/store/journal_batch.go"
	return []Mutant{
		one("acknowledged before the commit", "internal/trigger/intake.go", "ids, err := in.engine.Submit(ctx, n)",
			"go func() { _, _ = in.engine.Submit(context.WithoutCancel(ctx), n) }()\n\tids, err := []tandem.TransactionID{1}, error(nil)", "./internal/trigger", "TestTakesARequest|TestFailures|TestEveryAnsweredRequestIsATransaction"),
		one("synchronous lowered", "internal/store/sqlite/sqlite.go", `"synchronous(FULL)"`, `"synchronous(NORMAL)"`, store, "TestDurable"),
		one("files not synced", "internal/store/disk.go", "err = to.Sync()", "_ = to.Sync", "./internal/engine/local", "TestPowerCuts$"),
		one("names of files not synced", "internal/store/disk.go", "errors.Join(d.SyncFolder(folder), d.SyncFolder(root))", "nil", "./internal/engine/local", "TestPowerCuts$"),
		one("acknowledged before it is synced", "internal/store/sqlite/sqlite.go", `"synchronous(FULL)"`, `"synchronous(NORMAL)"`, "./internal/engine/local", "TestPowerCuts$"),
		one("requests that find any transaction", "internal/store/webhook_match.go", "AND m.hash = $4 AND", "AND $4 <> '' AND", store, "TestSQLite/webhook_matches"),
		one("answers that change", "internal/store/webhook_answer.go", "each.ordinal ON CONFLICT DO NOTHING", "each.ordinal ON CONFLICT (account, txn) DO UPDATE SET data = excluded.data", store, "TestSQLite/webhook_answers"),
		one("keys of events not looked for", batch, "\t\t{\"find duplicates\", b.dedupe},\n", "", store, "TestSQLite/journal|TestJournalMachine"),
		one("tasks not counted in the commit", batch, "\t\t{\"count tasks\", b.meter},\n", "", store, "TestSQLite/(journal|usage)|TestJournalMachine"),
		one("work of a former owner taken", batch, "txn.epoch = each.epoch AND txn.status + 0 < 10", "(txn.epoch = each.epoch OR true) AND txn.status + 0 < 10", store, "TestSQLite/journal|TestJournalMachine"),
		one("calls under a key made again", "internal/store/store.go", "if n.claim != nil {", "if n.claim != nil && false {", "./internal/replay", "TestCutOff/SQLite"),
		one("counts made again", "internal/store/storage.go", "if once == \"\" {", "if once != \"?\" {", store, "TestSQLite/storage_count"),
		one("connectors deleted that templates use", "internal/store/connector_use.go", "r.uses = r.uses || means(ref, c)", "r.uses = r.uses && means(ref, c)", store, "TestSQLite/custom_in_templates"),
		one("audit entries not in the transaction", "internal/store/store.go", "return n.append(ctx, tx)", "return nil", store, "TestSQLite/audit"),
		one("audit entries of what was refused", "internal/store/store.go", "if err := do(tx); err != nil {\n\t\treturn err\n\t}\n\treturn n.append(ctx, tx)",
			"if err := n.append(ctx, tx); err != nil {\n\t\treturn err\n\t}\n\t_ = do(tx)\n\treturn nil", store, "TestSQLite/audit"),
		one("the audit log's chain unverified", "internal/store/audit_verify.go", "case !hmac.Equal(e.hash, w.chain.entry(w.hash, &e.AuditEntry)):",
			"case !hmac.Equal(e.hash, w.chain.entry(w.hash, &e.AuditEntry)) && false:", store, "TestSQLite/audit"),
		one("the audit log's end unverified", "internal/store/audit_verify.go", "case !hmac.Equal(mac, w.chain.head(w.partner, last, hash)):",
			"case !hmac.Equal(mac, w.chain.head(w.partner, last, hash)) && false:", store, "TestSQLite/audit"),
		one("one request more than the limit", "internal/limit/share.go", "free := r.requests - s.Taken.sum()", "free := r.requests + 1 - s.Taken.sum()", "./internal/limit", "TestWindow"),
		one("one account fills the queue of scripts", "internal/script/queue.go", " || q.crowded(owner)) {", ") {", "./internal/script", "TestQueueOfOneOwner"),
		one("two dead third parties take all workers", "internal/engine/local/queue.go", "most := max(q.o.Workers-q.running, 1)", "most := max(q.o.Workers/2, 1)", "./internal/engine/local", "TestEngine/serves_quiet_accounts_while_others_hang"),
		one("checks take all workers of scripts", "internal/script/queue.go", "return max(1, q.share/2)", "return q.places", "./internal/script", "TestChecksLeaveWorkers"),
		one("no turns between cycles", "internal/limit/line.go", "n += int(max(0, min(upTo, last)-l.served))", "n = 1", "./internal/limit", "TestTurns"),
		one("parts that were answered not recorded", "internal/run/call.go", "s.pages.next = r.Next", "s.pages.next, s.called = r.Next, s.pages.count > 2", "./internal/run", "TestPartsThatWereCommitted"),
		one("waits reckoned again", "internal/run/wait.go", "if s.wait.until.IsZero() {", "if n != nil {", "./internal/run", "TestDelayIsReckonedOnce"),
		one("barriers that later ones keep shut", "internal/store/barrier.go", "AND t.id <= barrier.mark)", "AND t.id >= 0)", store, "TestSQLite/barrier"),
		one("barriers passed in stopped cycles", "internal/store/barrier.go", "AND h.cycle = barrier.cycle)", "AND h.cycle = barrier.step)", store, "TestSQLite/barrier"),
		one("barriers that forget what outlives its parent", "internal/store/barrier.go", "AND t.status >= 10 AND t.open > 0", "AND t.status > 12 AND t.open > 0", store, "TestSQLite/barrier"),
		one("children of what has ended", "internal/store/journal_adopt.go", "err != nil || len(children) == 0", "err != nil || len(children) >= 0", store, "TestSQLite/webhook_matches"),
		one("rest for requests that are over", "internal/store/webhook_match.go", "d.Resting && len(d.Matches) == 0", "d.Resting && len(d.Matches) > 0", store, "TestSQLite/webhook_matches"),
		one("poison that spoils no barrier", "internal/engine/owner.go", "Arrivals: spoilt, ", "Arrivals: spoilt[:0], ", "./internal/engine/local", "TestEngine/spoils_a_barrier_with_poison"),
		one("barriers passed twice", "internal/store/barrier.go", "clear(owners[m].ids)", "_ = owners", store, "TestSQLite/barrier"),
		one("lists joined with the last", "internal/workflow/join.go", "; !known {", "; !known || known {", "./internal/workflow", "TestListsAreJoined"),
		one("places in line forgotten", "internal/run/call.go", "s.place = later.Place", "s.place = 0", "./internal/run", "TestPlaceIsKept"),
	}
}

// rules are limits and promises about what is kept.
func rules() []Mutant {
	return []Mutant{
		one("step limit unchecked", "internal/store/cycle_admission.go", "steps > limit {", "steps > limit && false {", store, "TestSQLite/step_limit"),
		one("echoes passed on", "internal/utility/echo.go", "return at >= 0 || e.Last.Hash == hash && e.Last.Side != side", "return at >= 0", "./internal/utility", "TestDecide"),
		one("stores that are never full", "internal/store/storage_room.go", "f.items.used > most.Items {", "f.items.used > most.Items && false {", store, "TestSQLite/storage$"),
		one("accounts that are never full", "internal/store/storage_room.go", "case s.outgrown() && s.used > left:", "case s.outgrown() && s.used > left && false:", store, "TestSQLite/storage_room$"),
		one("room that is not given back", "internal/store/storage_room.go", "case s.held > s.used+2*spare:", "case s.held > s.used+2*spare && false:", store, "TestSQLite/storage_shrinks"),
		one("kinds of pairs without end", "internal/store/storage_room.go", "names > most {", "names > most && false {", store, "TestSQLite/storage_entities"),
		one("methods lost by writing back a list", "internal/catalog/outline.go", "if !o.Outline {", "if !o.Outline || true {", api, "TestCustomConnectorsAreOutlined/SQLite"),
		one("retention ignored", "internal/store/retention.go", "t.status >= 10 AND t.finished_at", "t.status >= 99 AND t.finished_at", store, "TestSQLite/retention"),
		one("data that is not kept stays", "internal/store/journal_batch.go", "\t\t{\"forget data\", b.forget},\n", "", store, "TestUnlogged/SQLite"),
		one("retention of what is under way", "internal/store/retention.go", "t.status >= 10 AND t.finished_at", "t.status >= 0 AND t.finished_at", store, "TestSQLite/retention"),
		one("purge forgets a table", "internal/store/account_purge.go", `kept = map[string]bool{"audit": true`, `kept = map[string]bool{"custom_field": true, "audit": true`, store, "TestSQLite/account_purge"),
		one("XML with a document type", "internal/body/xml_read.go", `return errors.New("it has a document type (DTD), which is not taken")`, "return nil", body, "TestXMLRefuses"),
		one("names of files with folders", "internal/body/filename.go", "name[strings.LastIndexAny(name, `/\\`)+1:]", "name[0:]", body, "TestFileNames"),
		one("every node asks for tokens", "internal/store/account_token.go", "err != nil || taken > micros(now)", "err != nil", "./internal/connection", "TestOneRefresh"),
		one("clients go anywhere", "internal/connection/client.go", `own.secret != "" || o.astray() != ""`, `own.secret != ""`, "./internal/connection", "TestPartnersClient"),
		one("sign-ins end anywhere", "internal/embed/connect.go", "!slices.Contains(set.TargetOrigins, in.TargetOrigin)", "!slices.Contains(set.TargetOrigins, in.TargetOrigin) && len(set.TargetOrigins) == 0", "./internal/embed", "TestConnectEnds"),
		one("token endpoints that redirect", "internal/oauth/request.go", "return http.ErrUseLastResponse }", "return nil }", "./internal/oauth", "TestHostileAnswers"),
		one("bodies a byte too long", "internal/body/format.go", "l.left -= int64(n); l.left < 0 {", "l.left -= int64(n); l.left < -1 {", body, "TestLimit"),
		one("upgrades lose what was set", "internal/template/upgrade.go", "lost = append(lost, workflow.Carry(&c.Graph, &g)...)", "_ = workflow.Carry", api, "TestUpgrade/SQLite|TestUpgrade$"),
	}
}

// places are those of calls and submissions that are under way, which some would take
// from others.
func places() []Mutant {
	const (
		seats, traffic, lane = "internal/seat/seat.go", "internal/limit/traffic.go", "internal/limit/lane.go"
		seat, limit          = "./internal/seat", "./internal/limit"
	)
	return []Mutant{
		one("all places for one account", seats, "if s.of[a] >= s.free {", "if s.free <= 0 {", seat, "TestSeats"),
		one("no account is told that it is full", seats, "return s.of[a] >= s.free", "return s.free <= 0", seat, "TestSeats"),
		one("places that are not given back", seats, "\ts.free++\n", "", seat, "TestSeats"),
		one("all places for calls that hang", traffic, "n := (t.free - t.all/4 - l.calls + 1) / 2", "n := t.free", limit, "TestHangingCallsLeavePlaces"),
		one("no places for quick calls beside those that hang", traffic, "t.free - t.all/4 - l.calls", "t.free - l.calls", limit, "TestHangingCallsLeavePlaces"),
		one("places of quick calls for slow ones", traffic, "l.calls < few && l.takes(now) < slow {", "l.calls < few {", limit, "TestManyThatAreSlow"),
		one("calls that hang pass for quick ones", lane, "return max(l.usual, now-l.began/time.Duration(l.calls))", "return l.usual", limit, "Test.*Slow"),
		one("more calls than an account connector may have", traffic, "min(n, t.each-l.calls)", "n", limit, "TestPlacesComeBack"),
		one("places of calls that have ended", traffic, "\tt.free++\n", "", limit, "TestPlacesComeBack"),
		one("late accounts taken from at once", "internal/engine/entrance.go", "if time.Since(l.told) >= heard && (time.Since(l.seen) >= still || !e.strained()) {", "if true {", "./internal/engine", "TestEntranceHoldsBack"),
		one("held back for what other nodes have told once", "internal/engine/late.go", "if l.told = (time.Time{}); time.Since(l.seen) >= still {", "if false {", "./internal/engine", "TestEntranceHears"),
		one("who waits for others is told of", "internal/engine/late.go", "if l.strained && ", "if ", "./internal/engine", "TestUnstrainedTellsNothing"),
	}
}
