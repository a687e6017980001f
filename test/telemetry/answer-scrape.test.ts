import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { pino } from 'pino';
import { answerScrape } from '../../src/telemetry/answer-scrape.js';

/** What a client gets, and what was told, where the metrics are these. */
async function scraped(
  textOf: () => Promise<string>,
): Promise<{ status: number; type: string | null; text: string; lines: unknown[] }> {
  const lines: unknown[] = [];
  const logger = pino({ base: null }, { write: (line) => void lines.push(JSON.parse(line)) });
  const server = createServer((_request, response) => void answerScrape(response, textOf, logger));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const text = await answer.text();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  return { status: answer.status, type: answer.headers.get('content-type'), text, lines };
}

const TYPE = 'text/plain; charset=utf-8';

it('answers with the metrics', async () => {
  expect(await scraped(() => Promise.resolve('up 1\n'))).toEqual({
    status: 200,
    type: TYPE,
    text: 'up 1\n',
    lines: [],
  });
});

it('answers 500 and tells why where they can’t be written', async () => {
  const tooLong = (): Promise<string> => Promise.reject(new RangeError('Invalid string length'));
  expect(await scraped(tooLong)).toMatchObject({
    status: 500,
    type: TYPE,
    text: 'the metrics could not be written\n',
    lines: [{ level: 50, error: 'RangeError: Invalid string length', msg: 'the metrics could not be written' }],
  });
});
