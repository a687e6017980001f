/** Two server processes over one data folder. */
import { ask, startProcess, withFolder } from '../support/server.js';

const LIST = `query ($after: String) { recommendations(userId: "anna", first: 2, after: $after) {
  nodes { rank item { id } } pageInfo { endCursor }
} }`;

interface List {
  readonly nodes: readonly { rank: number; item: { id: string } }[];
  readonly pageInfo: { endCursor: string };
}

it('a list of one process is paged through at the other, and forgotten at both with its user', async () => {
  await withFolder(async (folder) => {
    const [a, b] = await Promise.all([startProcess(folder), startProcess(folder)]);
    const items = Array.from({ length: 6 }, (_, at) => ({ id: `i${at}` }));
    await ask(a.url, 'mutation ($items: [ItemInput!]!) { upsertItems(input: { items: $items }) { accepted } }', {
      items,
    });
    await ask(
      a.url,
      'mutation { recordInteractions(input: { interactions: [{ userId: "anna", itemId: "i0" }] }) { accepted } }',
    );
    const first = (await ask(a.url, LIST)).data!['recommendations'] as List;
    const after = first.pageInfo.endCursor;
    const [own, other] = await Promise.all([a, b].map(({ url }) => ask(url, LIST, { after })));
    expect(other!.errors).toBeUndefined();
    expect(other!.data).toEqual(own!.data);
    expect((other!.data!['recommendations'] as List).nodes.map(({ rank }) => rank)).toEqual([3, 4]);
    await ask(a.url, 'mutation { forgetUser(input: { userId: "anna" }) { userId } }');
    for (const { url } of [a, b]) {
      expect((await ask(url, LIST, { after })).errors![0]!.extensions.code).toBe('SLATE_EXPIRED');
    }
    expect(await Promise.all([a.kill('SIGTERM'), b.kill('SIGTERM')])).toEqual([0, 0]);
  });
});
