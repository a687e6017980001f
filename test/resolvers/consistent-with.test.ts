import { click } from '../contracts/event-log.contract.js';
import { type TestGateway, testGateway } from '../support/gateway.js';

const TRACE = '{ trace { logPosition } }';
const LISTS = `query ($at: String) {
  recommendations(userId: "u", consistentWith: $at) ${TRACE}
  popularItems(consistentWith: $at) ${TRACE}
  item(id: "a") { similar(consistentWith: $at) ${TRACE} }
  user(id: "u") { recommendations(consistentWith: $at) ${TRACE} history(consistentWith: $at) { nodes { item { id } } } }
}`;
const LIST = `query ($at: String) { recommendations(userId: "u", consistentWith: $at) ${TRACE} }`;

/** Another process has appended two events that this one has not folded: its state is at 1, the log at 3. */
async function behind(): Promise<TestGateway> {
  const test = await testGateway([click('a')]);
  await test.log.append([click('b'), click('c')]);
  expect(test.gateway.state.position).toBe(1);
  return test;
}

describe('consistentWith', () => {
  it('makes every list know the position, whoever appended', async () => {
    const test = await behind();
    const { data, errors } = await test.execute(LISTS, { at: '3' });
    expect(errors).toBeUndefined();
    const known = { trace: { logPosition: '3' } };
    expect(data).toMatchObject({
      recommendations: known,
      popularItems: known,
      item: { similar: known },
      user: {
        recommendations: known,
        history: { nodes: [{ item: { id: 'c' } }, { item: { id: 'b' } }, { item: { id: 'a' } }] },
      },
    });
  });

  it('waits for what is not in the log yet, and answers as soon as it is', async () => {
    const test = await behind();
    const asked = test.execute(LIST, { at: '4' });
    await test.gateway.append([click('d')]);
    expect((await asked).data.recommendations.trace.logPosition).toBe('4');
  });

  it('says under a code of its own that the position is not known in time', async () => {
    const test = await behind();
    const { errors } = await test.execute(LIST, { at: '4' });
    expect(errors).toMatchObject([
      { message: 'the state is at position 3, not yet at 4', extensions: { code: 'NOT_YET_CONSISTENT' } },
    ]);
  });

  it('does not take the list of a field that asked for no position', async () => {
    const test = await behind();
    const both = `{
      before: recommendations(userId: "u") ${TRACE}
      after: recommendations(userId: "u", consistentWith: "3") ${TRACE}
    }`;
    const { data } = await test.execute(both);
    expect(data).toMatchObject({
      before: { trace: { logPosition: expect.stringMatching(/^[13]$/) } },
      after: { trace: { logPosition: '3' } },
    });
  });

  it('changes nothing where it is null or was reached long ago', async () => {
    const test = await behind();
    for (const at of [null, '0', '1']) {
      const { data, errors } = await test.execute(LIST, { at });
      expect(errors).toBeUndefined();
      expect(data.recommendations.trace.logPosition).toBe('1');
    }
  });

  it.each(['', '-1', '1.5', '01', 'x', ' 1', '1e3', '1'.repeat(16)])(
    'refuses "%s", which is no position',
    async (at) => {
      const { errors } = await (await behind()).execute(LIST, { at });
      expect(errors).toMatchObject([
        {
          message: expect.stringContaining('it must be a logPosition such as "42"'),
          extensions: { code: 'BAD_POSITION' },
        },
      ]);
    },
  );
});
