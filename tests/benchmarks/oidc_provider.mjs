// The npm package oidc-provider with one static public application, whose refresh tokens are replaced at every use.
// Started by test_refresh.py as: node oidc_provider.mjs FOLDER CONNECTIONS, where FOLDER has node_modules/oidc-provider.
// Prints one line of JSON: where it listens, and a refresh token for each connection.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [folder, connections] = process.argv.slice(2);
// An import looks beside this file alone; require looks where it is told to.
const found = createRequire(path.join(path.resolve(folder), "any.js")).resolve("oidc-provider");
const { Provider } = await import(pathToFileURL(found));

const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "photo-album",
      redirect_uris: ["https://photos.example/callback"],
      grant_types: ["authorization_code", "refresh_token"],
      token_endpoint_auth_method: "none",
    },
  ],
  cookies: { keys: ["a key of this benchmark alone"] },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: "benchmark" }] },
  rotateRefreshToken: true,
  ttl: { AccessToken: 3600, Grant: 180 * 86400, IdToken: 3600, RefreshToken: 14 * 86400 },
});
server.on("request", provider.callback());

async function refreshToken() {
  const scope = "openid email offline_access";
  const grant = new provider.Grant({ accountId: "anna", clientId: "photo-album" });
  grant.addOIDCScope(scope);
  const kept = new provider.RefreshToken({
    accountId: "anna",
    authTime: Math.floor(Date.now() / 1000),
    client: await provider.Client.find("photo-album"),
    grantId: await grant.save(),
    gty: "authorization_code",
    scope,
  });
  return kept.save();
}

const tokens = await Promise.all(Array.from({ length: Number(connections) }, refreshToken));
console.log(JSON.stringify({ token_endpoint: `${issuer}/token`, refresh_tokens: tokens }));
