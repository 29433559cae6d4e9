// A provider of OpenID Connect for tests: oidc-provider, which is certified, on a port of this machine.
// Standard input has one JSON object: packages, issuer, port, client, keys, and the file of people, which is read for
// each sign-in, so that a test can change somebody's groups. It says "ready" once it listens.
import { readFileSync } from "node:fs";

const told = JSON.parse(readFileSync(0, "utf8"));
const { Provider } = await import(`${told.packages}/oidc-provider/lib/index.js`);
const people = () => JSON.parse(readFileSync(told.people, "utf8"));

const provider = new Provider(told.issuer, {
  clients: [told.client],
  jwks: told.keys,
  cookies: { keys: ["cookies of a test"] },
  claims: { openid: ["sub", "groups"], email: ["email", "email_verified"], profile: ["name", "preferred_username"] },
  conformIdTokenClaims: false, // claims stand in the ID token
  clientDefaults: { id_token_signed_response_alg: told.keys.keys[0].alg },
  findAccount: (ctx, id) => people()[id] && { accountId: id, claims: () => ({ sub: id, ...people()[id] }) },
  // The department's own provider asks nobody for consent.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});
provider.listen(told.port, "127.0.0.1", () => console.log("ready"));
