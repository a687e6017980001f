/** Every attack of the table against a server with its usual limits, while a back-end asks for lists: test/bench/hostile.bench.ts in short. */
import { readFileSync } from 'node:fs';
import { ATTACKS } from '../support/attacks.js';
import { Attacker, surprises } from '../support/attacker.js';
import { httpLoad } from '../support/http-load.js';
import { listOf, startKeyed } from '../support/keyed-server.js';
import { type LogLine, withFolder } from '../support/server.js';

const ERROR_LEVEL = 50;
/** Twice what the bodies of all lanes hold, and what a heap that was never under pressure may keep. */
const MOST_GROWTH_MB = 500;

/** Other work on the machine must not make the server late by itself. */
const PATIENT = { MAX_EVENT_LOOP_DELAY_MS: '20000' };

const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1_024;

it('refuses every attack by its code, serves the others meanwhile, and keeps its memory', async () => {
  await withFolder(async (folder) => {
    const faults: LogLine[] = [];
    const { server, keys } = await startKeyed(folder, PATIENT, (line) => {
      // A client that leaves before its answer ends its operation.
      if (line.level >= ERROR_LEVEL && String(line['codes']) !== 'OPERATION_TIMEOUT') faults.push(line);
    });
    const failures: string[] = [];
    const ask = (seconds: number): Promise<{ readonly requests: number }> =>
      httpLoad({
        url: `${server.url}/graphql`,
        connections: 2,
        seconds,
        pauseMs: 10,
        body: listOf,
        headers: { 'x-api-key': keys.server },
        onAnswer: (status, body) => {
          if (status !== 200 || body.includes('"errors"')) failures.push(`${status} ${body}`);
        },
      });
    await ask(1);
    const before = residentMb(server.process.pid!);
    const attacker = new Attacker({ target: { url: server.url, key: keys.client }, attacks: ATTACKS, lanes: 2 });
    let served = 0;
    do served += (await ask(1)).requests;
    while (!attacker.wentRound);
    const tally = await attacker.stop();
    expect(surprises(tally, ATTACKS)).toEqual([]);
    expect(Object.keys(tally).sort()).toEqual(Object.keys(ATTACKS).sort());
    expect(failures).toEqual([]);
    expect(served).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    expect(residentMb(server.process.pid!) - before).toBeLessThan(MOST_GROWTH_MB);
    expect(await server.kill('SIGTERM')).toBe(0);
  });
});
