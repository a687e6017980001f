/** The audit log of a real server: a line for every operation and refusal, users under pseudonyms, nothing of variables. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, send, startProcess, withFolder } from '../support/server.js';

const AUDIT_KEY = 'a key that is long enough to be one';
const RECORD = `mutation Record($input: RecordInteractionsInput!) { recordInteractions(input: $input) { accepted } }`;
const LIST = 'query List($id: ID) { recommendations(userId: $id) { recommendationId } }';
const MARK = 'mark-of-the-reader';

interface Line {
  readonly users: string[];
  readonly [field: string]: unknown;
}

/** What a server with these settings writes of the same requests. */
async function audited(environment: Record<string, string>): Promise<{ text: string; lines: Line[] }> {
  return withFolder(async (folder) => {
    const server = await startProcess(folder, environment);
    const input = { interactions: [{ userId: MARK, itemId: `item-${MARK}` }] };
    await ask(server.url, RECORD, { input });
    await ask(server.url, LIST, { id: MARK });
    await ask(server.url, LIST, { id: '' });
    await ask(server.url, `{ ${MARK.replaceAll('-', '')} }`);
    await send(`${server.url}/graphql`, `{${MARK}`);
    await server.kill('SIGTERM');
    const audit = join(folder, 'audit');
    const texts = await Promise.all((await readdir(audit)).sort().map((name) => readFile(join(audit, name), 'utf8')));
    const text = texts.join('');
    return {
      text,
      lines: text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Line),
    };
  });
}

it('has a line for every operation and refusal, flushed at the drain', async () => {
  const { text, lines } = await audited({ AUDIT_LOG: 'on', AUDIT_KEY });
  const pseudonym = lines[0]!.users[0]!;
  expect(lines).toMatchObject([
    {
      caller: 'local',
      operation: 'Record',
      type: 'mutation',
      outcome: 'ok',
      codes: [],
      users: [pseudonym],
      userCount: 1,
    },
    { operation: 'List', type: 'query', outcome: 'ok', users: [pseudonym], userCount: 1 },
    { operation: 'List', outcome: 'caller', codes: ['BAD_ID'], users: [] },
    { operation: null, outcome: 'caller', codes: ['GRAPHQL_VALIDATION_FAILED'], users: [] },
    { caller: null, operation: null, document: null, outcome: 'caller', codes: ['BAD_JSON'], users: [] },
  ]);
  expect(text).not.toContain(MARK);
  expect(text).not.toContain(MARK.replaceAll('-', ''));
  for (const { time, requestId, ms } of lines) {
    expect(new Date(time as string).toISOString()).toBe(time);
    expect(requestId).toMatch(/^[\da-f-]{36}$/);
    expect(ms).toBeGreaterThan(0);
  }
  const again = await audited({ AUDIT_LOG: 'on', AUDIT_KEY });
  expect(again.lines[0]!.users).toEqual([pseudonym]);
  const ownKey = await audited({ NODE_ENV: 'production', AUTH: 'off' });
  expect(ownKey.lines[0]!.users).not.toEqual([pseudonym]);
  expect(ownKey.lines[0]!.users).toEqual(ownKey.lines[1]!.users);
});
