/** The function at /graphql. ENGINE_URL says where the engine is; ENGINE_TIMEOUT_MS how long it is waited for (15000). */
import { app } from '@azure/functions';
import { forwardingHandler } from './forwarding-handler.js';

const { ENGINE_URL: url, ENGINE_TIMEOUT_MS: timeout = '15000' } = process.env;
if (url === undefined || !URL.canParse(url))
  throw new Error(`ENGINE_URL="${url}": allowed is an address of the engine`);
const timeoutMs = Number(timeout);
if (!(timeoutMs > 0)) throw new Error(`ENGINE_TIMEOUT_MS="${timeout}": allowed is a number above 0`);

app.http('graphql', {
  route: 'graphql',
  methods: ['GET', 'POST'],
  // The engine asks for its own keys and tokens, and answers for them.
  authLevel: 'anonymous',
  handler: forwardingHandler({ url, timeoutMs }),
});
