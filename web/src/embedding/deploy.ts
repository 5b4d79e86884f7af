/** The screens that a deploy call gives an address of. */
export const screens = ["launch", "orbit", "marketplace"] as const;
export type Screen = (typeof screens)[number];

/** What a deploy call asks for. */
export interface Deploy {
  screen: Screen;
  /** The account's API ID. */
  account: string;
  /** Of LAUNCH: a template must have one of them. */
  tags: string[];
  wizard: boolean;
  marketplace?: number;
}

/** The property of the answer that is the address. */
export const addressOf = (screen: Screen) =>
  ({ launch: "LaunchUrl", orbit: "OrbitUrl", marketplace: "MarketplaceUrl" })[screen];

/** What the call sends: only what differs from the default. */
export function body(d: Deploy): Record<string, unknown> {
  if (d.screen === "launch") {
    return { ...(d.tags.length > 0 && { Tags: d.tags }), ...(d.wizard && { Wizard: true }) };
  }
  return d.screen === "marketplace" && d.marketplace ? { MarketplaceId: d.marketplace } : {};
}

const path = (d: Deploy) => `/v1.0/accounts/${encodeURIComponent(d.account)}/${d.screen}`;

/** A text as one argument of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The call as commands of a shell. */
export function curl(origin: string, d: Deploy): string {
  return [
    `TOKEN=$(curl -s ${origin}/oauth/token -d grant_type=client_credentials \\`,
    `  -d client_id="$TANDEM_CLIENT_ID" -d client_secret="$TANDEM_CLIENT_SECRET" | jq -r .access_token)`,
    "",
    `curl -s ${quoted(origin + path(d))} -H "Authorization: Bearer $TOKEN" \\`,
    `  -H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body(d)))}`,
  ].join("\n");
}

/** The call as a function of a server in JavaScript. */
export function script(origin: string, d: Deploy): string {
  const sent = JSON.stringify(body(d));
  return `// On your server: the token opens all accounts, so no browser may have it.
async function screenFor(account) {
  const credentials = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: process.env.TANDEM_CLIENT_ID,
    client_secret: process.env.TANDEM_CLIENT_SECRET,
  });
  const token = await (await fetch("${origin}/oauth/token", { method: "POST", body: credentials })).json();
  const answer = await fetch(\`${origin}/v1.0/accounts/\${encodeURIComponent(account)}/${d.screen}\`, {
    method: "POST",
    headers: { Authorization: \`Bearer \${token.access_token}\`, "Content-Type": "application/json" },
    body: JSON.stringify(${sent}),
  });
  if (!answer.ok) throw new Error(\`${d.screen}: \${answer.status} \${await answer.text()}\`);
  return (await answer.json()).${addressOf(d.screen)}; // for one use, within five minutes
}

await screenFor(${JSON.stringify(d.account)});`;
}

/** What a page of the product has: the frame, and what it hears. */
export const page = (service: string) => `<iframe id="integrations" src="THE ADDRESS" title="Integrations"></iframe>
<script>
  window.addEventListener("message", (event) => {
    if (event.origin !== "${service}") return;
    console.log("installed", event.data);
  });
</script>`;
