import fastify from 'fastify';
import { type Durability } from '../../src/events/log.js';
import { health, type HealthParts } from '../../src/http/health.js';

async function readyz(
  durability: Durability | null,
  lag = 0,
  troubles: readonly string[] = [],
): Promise<{ code: number; body: object }> {
  const app = fastify();
  const follower = { lag, troubles, state: { position: 7 } } as HealthParts['follower'];
  const snapshots = { snapshot: null, problem: null } as HealthParts['snapshots'];
  health(app, { follower, snapshots, gateway: { durability }, worker: null, isDraining: () => false });
  const answer = await app.inject('/readyz');
  await app.close();
  return { code: answer.statusCode, body: answer.json() };
}

describe('/readyz', () => {
  it('names the settings of a log that is a service, and what they may lose, and is ready all the same', async () => {
    const settings = { appendonly: 'yes', appendfsync: 'everysec' };
    const { code, body } = await readyz({ settings, warning: 'the last second may be lost' });
    expect(code).toBe(200);
    expect(body).toMatchObject({ ready: true, durability: { ...settings, warning: 'the last second may be lost' } });
  });

  it('says nothing of it where the log is embedded', async () => {
    expect((await readyz(null)).body).toEqual({
      ready: true,
      reasons: [],
      troubles: [],
      position: 7,
      snapshot: { id: null, problem: null },
    });
  });

  it('names what keeps the state from following the log, and is ready with what it holds', async () => {
    const { code, body } = await readyz(null, 0, ['no word of the event log for 3 s']);
    expect(code).toBe(200);
    expect(body).toMatchObject({ ready: true, troubles: ['no word of the event log for 3 s'] });
  });

  it('is not ready where the state is far behind the log', async () => {
    const { code, body } = await readyz(null, 1_001);
    expect(code).toBe(503);
    expect(body).toMatchObject({ ready: false, reasons: ['1001 events behind the log'] });
  });
});
