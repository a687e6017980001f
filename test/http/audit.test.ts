/** GraphQL over HTTP, as graphql-http audits it, against a real server. */
import { serverAudits } from 'graphql-http';
import { type ServerProcess, startProcess, withFolder } from '../support/server.js';

/** What a client sends with a GET, so that no page of another origin can. */
const fetchFn = (url: string, options: RequestInit = {}): Promise<Response> =>
  fetch(url, { ...options, headers: { 'apollo-require-preflight': '1', ...(options.headers as object) } });

let server: ServerProcess;
let done: () => void;
beforeAll(async () => {
  await new Promise<void>((started) => {
    void withFolder(async (folder) => {
      server = await startProcess(folder);
      const ended = new Promise<void>((resolve) => (done = resolve));
      started();
      await ended;
    });
  });
});
afterAll(async () => {
  await server.kill('SIGTERM');
  done();
});

const audits = serverAudits({ url: () => `${server.url}/graphql`, fetchFn });

it('is audited in 61 points', () => {
  expect(audits).toHaveLength(61);
});

it.each(audits.map((audit): [string, typeof audit] => [`${audit.id} ${audit.name}`, audit]))(
  '%s',
  async (_name, audit) => {
    const result = await audit.fn();
    expect({ status: result.status, reason: 'reason' in result ? result.reason : null }).toEqual({
      status: 'ok',
      reason: null,
    });
  },
);
