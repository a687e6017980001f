/**
 * The page at `/`: GraphiQL, served by us and working without the internet, with the documented operations in tabs; or
 * Apollo's sandbox, which loads from Apollo; or nothing.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type FastifyInstance } from 'fastify';
import { type Config } from '../config.js';
import { type Gateway } from '../gateway.js';
import { documentedOperations } from './operations.js';

/** What the page loads: path under /ide/, where it is installed, its type. */
const ASSETS = [
  { name: 'react.js', file: ['react', 'umd/react.production.min.js'], type: 'text/javascript' },
  { name: 'react-dom.js', file: ['react-dom', 'umd/react-dom.production.min.js'], type: 'text/javascript' },
  { name: 'graphiql.js', file: ['graphiql', 'graphiql.min.js'], type: 'text/javascript' },
  { name: 'graphiql.css', file: ['graphiql', 'graphiql.min.css'], type: 'text/css' },
] as const;

export interface PageParts {
  readonly ide: Config['ide'];
  readonly gateway: Gateway;
  /** Whether whoever opens the page may see ids of real readers. */
  readonly mayShow: () => boolean;
}

export async function idePage(app: FastifyInstance, { ide, gateway, mayShow }: PageParts): Promise<void> {
  if (ide === 'off') return;
  if (ide === 'sandbox') {
    app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(sandbox(reply.cspNonce.script)));
    return;
  }
  for (const { name, file, type } of ASSETS) {
    const [module, path] = file;
    const content = await readFile(join(dirname(require.resolve(`${module}/package.json`)), path));
    app.get(`/ide/${name}`, (_request, reply) =>
      reply.type(type).header('cache-control', 'max-age=3600').send(content),
    );
  }
  app.get('/', async (_request, reply) => {
    const tabs = await documentedOperations(mayShow() ? gateway.state : null);
    return reply.type('text/html; charset=utf-8').send(graphiql(tabs, reply.cspNonce.script));
  });
}

interface Tab {
  readonly query: string;
  readonly variables: string;
}

/** @param nonce lets its script run */
function graphiql(tabs: readonly Tab[], nonce: string): string {
  // Within a script element only "<" could end it.
  const data = JSON.stringify(tabs).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Recograph</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/ide/graphiql.css">
<style>html,body,#page{height:100%;margin:0}</style>
</head>
<body>
<div id="page">Loading…</div>
<script src="/ide/react.js"></script>
<script src="/ide/react-dom.js"></script>
<script src="/ide/graphiql.js"></script>
<script nonce="${nonce}">
const tabs = ${data};
const page = React.createElement(GraphiQL, {
  fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
  defaultTabs: tabs,
  variables: tabs[0].variables,
  defaultEditorToolsVisibility: 'variables',
  isHeadersEditorEnabled: true,
});
ReactDOM.createRoot(document.getElementById('page')).render(page);
</script>
</body>
</html>
`;
}

const sandbox = (nonce: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Recograph</title><style>html,body,#page{height:100%;margin:0}</style></head>
<body>
<div id="page"></div>
<script src="https://embeddable-sandbox.cdn.apollographql.com/_latest/embeddable-sandbox.umd.production.min.js"></script>
<script nonce="${nonce}">new window.EmbeddedSandbox({ target: '#page', initialEndpoint: location.origin + '/graphql' });</script>
</body>
</html>
`;
