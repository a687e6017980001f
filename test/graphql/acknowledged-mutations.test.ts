/** Payloads of mutations can't be null, so an error below one takes the others' acknowledgements along: the error tells them. */
import { startProcess, withFolder } from '../support/server.js';
import { testGateway } from '../support/gateway.js';

const RECORD = 'recordInteractions(input: { interactions: [{ userId: "u1", itemId: "i1" }] })';
const FAILING = 'users { recommendations(first: 1000) { segment } }';
const TWO = `mutation { first: ${RECORD} { accepted } second: ${RECORD} { ${FAILING} } }`;

describe.each([
  ['compiled', true],
  ['executed by graphql-js', false],
])('%s', (_path, compiled) => {
  it('an error below the second mutation tells what both have recorded', async () => {
    const test = await testGateway([], { compiled });
    // Twice, so that the second time it is compiled where that is on.
    for (const base of [0, 2]) {
      const { data, errors } = await test.execute(TWO);
      expect(data ?? null).toBeNull();
      expect(errors).toMatchObject([
        {
          path: ['second', 'users', 0, 'recommendations'],
          extensions: {
            code: 'FIRST_OUT_OF_RANGE',
            acknowledged: [
              { path: ['first'], logPosition: String(base + 1) },
              { path: ['second'], logPosition: String(base + 2) },
            ],
          },
        },
      ]);
    }
    expect(test.gateway.state.position).toBe(4);
  });

  it('a mutation that was refused itself is not acknowledged', async () => {
    const test = await testGateway([], { compiled });
    const same = 'mergeUsers(input: { fromUserId: "u1", intoUserId: "u1" }) { logPosition }';
    for (let time = 1; time <= 2; time++) {
      const { errors } = await test.execute(`mutation { first: ${RECORD} { accepted } ${same} }`);
      expect(errors).toMatchObject([
        { extensions: { code: 'SAME_USER', acknowledged: [{ path: ['first'], logPosition: String(time) }] } },
      ]);
      const alone = await test.execute(`mutation { ${same} }`);
      expect(alone.errors![0]!.extensions).toEqual({ code: 'SAME_USER' });
    }
  });

  it('answers with data have no need of it', async () => {
    const test = await testGateway([], { compiled });
    const query = `mutation { ${RECORD} { accepted users { history(first: 1000) { nodes { at } } } } }`;
    for (let time = 1; time <= 2; time++) {
      const { data, errors } = await test.execute(query.replace('history(first: 1000)', 'history(first: 1)'));
      expect([data.recordInteractions.accepted, errors]).toEqual([1, undefined]);
    }
  });
});

it('operations of one batch are told their own', async () => {
  await withFolder(async (folder) => {
    const server = await startProcess(folder, { BATCH_SIZE: '2' });
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ query: TWO.replace('first:', 'a:') }, { query: TWO.replace('first:', 'b:') }]),
    });
    const answers = (await response.json()) as { errors: { extensions: { acknowledged: { path: string[] }[] } }[] }[];
    expect(answers.map(({ errors }) => errors[0]!.extensions.acknowledged.map(({ path }) => path.join()))).toEqual([
      ['a', 'second'],
      ['b', 'second'],
    ]);
    await server.kill('SIGTERM');
  });
});
