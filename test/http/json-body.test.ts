import createFastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { httpErrors } from '../../src/http/http-errors.js';
import { isDeeper, jsonBody } from '../../src/http/json-body.js';

const nested = (levels: number, inside = ''): string => `${'['.repeat(levels)}${inside}${']'.repeat(levels)}`;

function app(): FastifyInstance {
  const made: FastifyInstance = createFastify();
  httpErrors(made, pino({ level: 'silent' }));
  jsonBody(made);
  made.post('/', ({ body }) => ({ length: JSON.stringify(body).length }));
  return made;
}

const post = (payload: string) =>
  app().inject({ method: 'POST', url: '/', headers: { 'content-type': 'application/json' }, payload });

it('counts levels of lists and objects alike, one after another once', () => {
  expect(isDeeper('{"a":[1]}', 2)).toBe(false);
  expect(isDeeper('{"a":[1]}', 1)).toBe(true);
  expect(isDeeper('[[],[],[]]', 2)).toBe(false);
});

it.each([
  ['brackets', '["[[[["]'],
  ['an escaped quote', String.raw`["\"[[[["]`],
  ['an escaped backslash', String.raw`["\\",["\"[["]]`],
  ['no end', '["[[[['],
])('counts no brackets in a string with %s', (_name, text) => {
  expect(isDeeper(text, 2)).toBe(false);
});

it('finds the levels after a string that ends in a backslash', () => {
  expect(isDeeper(String.raw`["\\",[[1]]]`, 2)).toBe(true);
});

it('parses a long body of 200 levels and refuses one of 201', async () => {
  const long = JSON.stringify('x'.repeat(10_000));
  expect((await post(nested(200, long))).json()).toEqual({ length: 10_402 });
  const refused = await post(nested(201, long));
  expect(refused.statusCode).toBe(400);
  expect(refused.json()).toEqual({
    errors: [{ message: 'the request body has more than 200 levels', extensions: { code: 'BAD_JSON' } }],
  });
});

it.each(['{"__proto__":1}', '{"constructor":{"prototype":1}}', '{'])('refuses %s as fastify does', async (body) => {
  const refused = await post(body);
  expect(refused.statusCode).toBe(400);
  expect(refused.json().errors[0].extensions.code).toBe('BAD_JSON');
});
