import { GraphQLInt, GraphQLNonNull, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { pino } from 'pino';
import { ApiError } from '../../resolvers/errors.js';
import { createContext } from '../../src/context.js';
import { type Gateway } from '../../src/gateway.js';
import { createApollo } from '../../src/graphql/apollo.js';
import { LOCAL_CALLER } from '../../src/identity/caller.js';

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      broken: {
        type: GraphQLInt,
        resolve() {
          throw new Error('the disk is on fire');
        },
      },
      refused: {
        type: new GraphQLNonNull(GraphQLInt),
        resolve() {
          throw new ApiError('UNKNOWN_ITEM', 'no item "x"');
        },
      },
    },
  }),
});

/** Answers the query twice, so that the second time it is compiled where that is on, and gives the last answer and all lines. */
async function ask(query: string, compiled: boolean): Promise<{ errors: object[]; lines: Record<string, unknown>[] }> {
  const lines: Record<string, unknown>[] = [];
  const logger = pino(
    { base: null },
    { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const apollo = createApollo({ schema, introspection: true, compiled, logger });
  let errors: object[] = [];
  for (const requestId of ['first', 'second']) {
    const contextValue = createContext({ snapshot: null } as unknown as Gateway, 0, { caller: LOCAL_CALLER });
    contextValue.trail.requestId = requestId;
    const { body } = await apollo.executeOperation({ query }, { contextValue });
    if (body.kind === 'single') errors = [...(body.singleResult.errors ?? [])];
  }
  await apollo.stop();
  return { errors, lines };
}

it.each([
  ['compiled', true],
  ['executed by graphql-js', false],
])('tells a fault once, with the id of its request, and masks it: %s', async (_path, compiled) => {
  const { errors, lines } = await ask('{ broken }', compiled);
  expect(errors).toMatchObject([{ message: 'something went wrong on our side', extensions: { code: 'INTERNAL' } }]);
  expect(JSON.stringify(errors)).not.toContain('fire');
  expect(lines).toMatchObject(
    ['first', 'second'].map((requestId) => ({
      requestId,
      level: 50,
      msg: 'a field failed',
      error: 'Error: the disk is on fire',
      stack: expect.stringContaining('fault-log.test') as string,
    })),
  );
});

it('writes nothing of what is the caller’s fault', async () => {
  const { errors, lines } = await ask('{ refused }', true);
  expect(errors).toMatchObject([{ extensions: { code: 'UNKNOWN_ITEM' } }]);
  expect(lines).toEqual([]);
});
