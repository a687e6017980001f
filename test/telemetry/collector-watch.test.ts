import { pino } from 'pino';
import { CollectorWatch } from '../../src/telemetry/collector-watch.js';

const BODY = JSON.stringify([{}, {}, {}]);

interface Watched {
  readonly watch: CollectorWatch;
  readonly said: string[];
}

function watched(): Watched {
  const said: string[] = [];
  const write = (line: string): void => void said.push((JSON.parse(line) as { msg: string }).msg);
  return { watch: new CollectorWatch(pino({}, { write })), said };
}

const answer =
  (status: number, bodyAsText = '') =>
  () =>
    Promise.resolve({ status, bodyAsText });

it('counts the items of batches that were not taken, and says so once and once when it is over', async () => {
  const { watch, said } = watched();
  const away = (): Promise<never> => Promise.reject(new Error('away'));
  await watch.send({ body: BODY }, answer(200));
  await expect(watch.send({ body: BODY }, away)).rejects.toThrow('away');
  await watch.send({ body: BODY }, answer(503));
  expect(watch.lost).toBe(6);
  await watch.send({ body: BODY }, answer(200));
  await watch.send({ body: BODY }, answer(200));
  expect(watch.lost).toBe(6);
  expect(said).toEqual([
    'Application Insights does not take the telemetry',
    'Application Insights takes the telemetry again',
  ]);
});

it('counts of a batch that was taken in part what was not', async () => {
  const { watch } = watched();
  await watch.send({ body: BODY }, answer(206, JSON.stringify({ itemsReceived: 3, itemsAccepted: 2, errors: [] })));
  expect(watch.lost).toBe(1);
  await watch.send({ body: 'no JSON' }, answer(500, 'nor this'));
  expect(watch.lost).toBe(2);
});

it('says when nothing is on its way, and lets nothing be on its way for ever', async () => {
  const { watch } = watched();
  let end = (): void => undefined;
  const request: { body: string; abortSignal?: unknown } = { body: BODY };
  const sent = watch.send(
    request,
    () => new Promise<{ status: number }>((resolve) => (end = () => resolve({ status: 200 }))),
  );
  let idle = false;
  const waited = watch.idle().then(() => (idle = true));
  await new Promise(setImmediate);
  expect(idle).toBe(false);
  expect(request.abortSignal).toBeInstanceOf(AbortSignal);
  end();
  await sent;
  await waited;
  await watch.idle();
});
