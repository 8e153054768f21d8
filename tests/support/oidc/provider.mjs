// A real OpenID provider for tests: two people or more, a form to sign in with, and for each person
// what the provider says of how they proved themselves (amr, acr, how long ago). Settings come as one
// JSON argument; it prints "ready" when it serves. Loopback and plain HTTP, as nothing else ever is.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const settings = JSON.parse(process.argv[2]);
const people = new Map(settings.people.map((one) => [one.username, one]));

const provider = new Provider(settings.issuer, {
  clients: [
    {
      client_id: settings.client_id,
      client_secret: settings.client_secret,
      redirect_uris: [settings.callback],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  cookies: { keys: ["only for tests"] },
  // amr, acr and auth_time stand in every id token, as providers for hospitals are set up to do
  claims: { openid: ["sub", "amr", "acr", "auth_time"], profile: ["preferred_username"] },
  conformIdTokenClaims: false,
  acrValues: ["urn:hanare:one", "urn:hanare:two"],
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, preferred_username: people.get(id)?.says ?? id }),
  }),
});

async function body(request) {
  let text = "";
  for await (const part of request) text += part;
  return new URLSearchParams(text);
}

const form = `<!doctype html><title>OpenID</title><form method="post">
<input name="username"><input name="password" type="password"><button>Sign in</button></form>`;

async function interact(request, response) {
  const interaction = await provider.interactionDetails(request, response);
  if (interaction.prompt.name === "login") {
    if (request.method !== "POST") {
      response.setHeader("content-type", "text/html");
      return response.end(form);
    }
    const filled = await body(request);
    const person = people.get(filled.get("username"));
    if (!person || person.password !== filled.get("password")) {
      response.statusCode = 403;
      return response.end("wrong");
    }
    const login = { accountId: person.username, remember: false };
    login.ts = Math.floor(Date.now() / 1000) - (person.age ?? 0);
    if (person.amr) login.amr = person.amr;
    if (person.acr) login.acr = person.acr;
    return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
  }
  const grant = new provider.Grant({ accountId: interaction.session.accountId, clientId: settings.client_id });
  grant.addOIDCScope("openid profile");
  const consent = { grantId: await grant.save() };
  return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

const rest = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith("/interaction/")) return rest(request, response);
  return interact(request, response).catch((error) => {
    response.statusCode = 500;
    response.end(String(error));
  });
}).listen(settings.port, "127.0.0.1", () => console.log("ready"));
