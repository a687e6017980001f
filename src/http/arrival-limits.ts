/** How long a request may take to arrive, head and body together: a client that trickles holds no connection for longer. */

/** How often node looks for requests that are late, at most, ms. */
const LOOK_EVERY_MS = 1_000;

/** Options of the HTTP server. Fastify sets no limit of its own. */
export function arrivalLimits(timeoutMs: number) {
  const connectionsCheckingInterval = Math.min(timeoutMs, LOOK_EVERY_MS);
  return {
    requestTimeout: timeoutMs,
    http: { requestTimeout: timeoutMs, headersTimeout: timeoutMs, connectionsCheckingInterval },
  };
}
