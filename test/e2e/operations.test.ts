/** The documented operations, typed by the code generator, over HTTP against a real server. */
import { type TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { ask, type ServerProcess, startProcess, withFolder } from '../support/server.js';
import {
  ClickAndSeeDocument,
  ColdContextDocument,
  FrontPageDocument,
  NextPageDocument,
  PopularItemsDocument,
  RecommendationsForUserDocument,
  RecordInteractionsDocument,
  SimilarItemsDocument,
  UpsertItemsDocument,
  UserHistoryDocument,
  WhyTheseItemsDocument,
} from '../generated/operations.js';

async function run<Data, Variables extends object>(
  server: ServerProcess,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const { status, data, errors } = await ask(server.url, print(document), variables);
  expect({ status, errors }).toEqual({ status: 200, errors: undefined });
  return data as Data;
}

it('a front-end’s day: catalogue, clicks, lists, reasons, the next page, a restart', async () => {
  await withFolder(async (folder) => {
    let server = await startProcess(folder);
    const items = Array.from({ length: 30 }, (_, at) => ({
      id: `a${at}`,
      attributes: { title: `Article ${at}`, section: at % 3 === 0 ? 'sport' : 'world' },
    }));
    expect((await run(server, UpsertItemsDocument, { input: { items } })).upsertItems.accepted).toBe(30);

    const interactions = Array.from({ length: 20 }, (_, reader) =>
      [0, 1, 2].map((step) => ({
        id: `e${reader}-${step}`,
        userId: `r${reader}`,
        itemId: `a${(reader % 2) * 15 + step}`,
        context: { region: reader % 2 ? 'n' : 's' },
      })),
    ).flat();
    const recorded = await run(server, RecordInteractionsDocument, { input: { interactions } });
    expect(recorded.recordInteractions).toMatchObject({ accepted: 60, duplicates: 0, rejected: [] });
    const again = await run(server, RecordInteractionsDocument, { input: { interactions } });
    expect(again.recordInteractions).toMatchObject({ accepted: 0, duplicates: 60 });

    const cold = await run(server, ColdContextDocument, { context: { region: 'n' }, first: 3 });
    expect(cold.recommendations.segment).toBe('COLD');
    expect(cold.recommendations.nodes[0]!.item.id).toMatch(/^a1[567]$/);

    const clicked = await run(server, ClickAndSeeDocument, { userId: 'new', itemId: 'a15', first: 2 });
    const [user] = clicked.recordInteractions.users;
    expect(user!.segment).toBe('WARM');
    expect(user!.recommendations.nodes[0]!.item.id).toMatch(/^a1[67]$/);
    expect(user!.recommendations.nodes[0]!.explanation.text).toContain('“Article 15”');

    const why = await run(server, WhyTheseItemsDocument, { userId: 'new', first: 5 });
    for (const { score, explanation } of why.recommendations.nodes) {
      expect(explanation.reasons.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(score, 10);
    }
    expect(why.recommendations).toMatchObject({ degradations: [], snapshot: null });

    const first = await run(server, NextPageDocument, { userId: 'new', first: 20 });
    const after = first.recommendations.pageInfo.endCursor;
    const second = await run(server, NextPageDocument, { userId: 'new', first: 20, after });
    expect(second.recommendations.edges.map(({ node }) => node.rank)).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29]);

    const similar = await run(server, SimilarItemsDocument, { itemId: 'a0', first: 2 });
    expect(similar.item!.similar.nodes.map(({ item }) => item.id).sort()).toEqual(['a1', 'a2']);
    const filter = { attributes: [{ name: 'section', eq: 'sport' }] };
    const sport = await run(server, PopularItemsDocument, { filter, first: 100 });
    expect(sport.popularItems.nodes).toHaveLength(10);

    expect(await server.kill('SIGTERM')).toBe(0);
    server = await startProcess(folder);
    const history = await run(server, UserHistoryDocument, { userId: 'r1' });
    expect(history.user.history.nodes.map(({ id }) => id)).toEqual(['e1-2', 'e1-1', 'e1-0']);
    const page = await run(server, FrontPageDocument, { userIds: ['r0', 'r1', 'unknown'], first: 1 });
    expect(page.users.map(({ segment }) => segment)).toEqual(['WARM', 'WARM', 'COLD']);
    const list = await run(server, RecommendationsForUserDocument, { userId: 'new', first: 2 });
    expect(list.recommendations.nodes[0]!.item.id).toMatch(/^a1[67]$/);
    await server.kill('SIGTERM');
  });
});

it('two processes on one folder see each other’s clicks', async () => {
  await withFolder(async (folder) => {
    const [one, two] = [await startProcess(folder), await startProcess(folder)];
    const interactions = [{ userId: 'u', itemId: 'x' }];
    const { recordInteractions } = await run(one, RecordInteractionsDocument, { input: { interactions } });
    const seen = async (): Promise<boolean> => {
      const response = await fetch(`${two.url}/readyz`);
      return ((await response.json()) as { position: number }).position >= Number(recordInteractions.logPosition);
    };
    while (!(await seen())) await new Promise((resolve) => setTimeout(resolve, 10));
    expect((await run(two, UserHistoryDocument, { userId: 'u' })).user.segment).toBe('WARM');
    await Promise.all([one.kill('SIGTERM'), two.kill('SIGTERM')]);
  });
});
