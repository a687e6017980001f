/**
 * What a hostile client costs a good one: the rate of a back-end that asks for lists, alone and under every attack of
 * test/support/attacks.ts, taking turns, at a real server on core 0 with clients on core 1. And what the attacks met, and memory.
 * node --require ./test/support/register-swc.cjs test/bench/hostile.bench.ts [SECONDS=60] [ATTACK: only that one]
 */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { ATTACKS, type Target } from '../support/attacks.js';
import { Attacker, surprises, type Tally } from '../support/attacker.js';
import { httpLoad } from '../support/http-load.js';
import { cpuSeconds } from '../support/cpu-seconds.js';
import { memoryOf } from '../support/memory-of.js';
import { type KeyedServer, listOf, startKeyed } from '../support/keyed-server.js';
import { withFolder } from '../support/server.js';

const SLICE_S = 5;
const WARM_UP_S = 15;
const LANES = 4;
const GOOD = { connections: 8, pauseMs: 20 };

interface Slice {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly failures: readonly string[];
}

/** The process on that core alone, where the system can do that. */
function pin(pid: number, core: number): void {
  try {
    execFileSync('taskset', ['-a', '-cp', String(core), String(pid)], { stdio: 'ignore' });
  } catch {
    console.log(`process ${pid} is on no core of its own`);
  }
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function goodSlice({ server, keys }: KeyedServer, seconds: number): Promise<Slice> {
  const failures: string[] = [];
  const result = await httpLoad({
    url: `${server.url}/graphql`,
    ...GOOD,
    seconds,
    body: listOf,
    headers: { 'x-api-key': keys.server },
    onAnswer: (status, body) => {
      if (status !== 200 || body.includes('"errors"')) failures.push(`${status} ${body.slice(0, 100)}`);
    },
  });
  return { ...result, failures };
}

/** The hostile client's process attacks from one message to the next. */
function startAttacker(target: Target, only: string | undefined): ChildProcess {
  const child = fork(__filename, ['attack', target.url, target.key, only ?? ''], { execArgv: process.execArgv });
  pin(child.pid!, 1);
  return child;
}

function attackOnDemand([url, key, only]: readonly string[]): void {
  const attacks = only === '' ? ATTACKS : { [only!]: ATTACKS[only!]! };
  let attacker: Attacker | null = null;
  process.on('message', () => {
    if (attacker === null) attacker = new Attacker({ target: { url: url!, key: key! }, attacks, lanes: LANES });
    else {
      void attacker.stop().then((tally) => process.send!(tally));
      attacker = null;
    }
  });
}

const stopped = (child: ChildProcess): Promise<Tally> =>
  new Promise((resolve) => {
    child.once('message', (tally) => resolve(tally as Tally));
    child.send('stop');
  });

function printTally(tallies: readonly Tally[]): void {
  const all: Record<string, Record<string, number>> = {};
  for (const tally of tallies)
    for (const [name, met] of Object.entries(tally))
      for (const [outcome, count] of Object.entries(met)) {
        const sums = (all[name] ??= {});
        sums[outcome] = (sums[outcome] ?? 0) + count;
      }
  for (const [name, met] of Object.entries(all)) {
    const text = Object.entries(met).map(([outcome, count]) => `${outcome}: ${count}`);
    console.log(`  ${name}: ${text.join(', ')}`);
  }
  const unexpected = surprises(all, ATTACKS);
  console.log(unexpected.length === 0 ? 'every refusal is one that is expected' : unexpected.join('\n'));
}

async function main(seconds: number, only: string | undefined): Promise<void> {
  pin(process.pid, 1);
  await withFolder(async (folder) => {
    const keyed = await startKeyed(folder);
    pin(keyed.server.process.pid!, 0);
    const attacker = startAttacker({ url: keyed.server.url, key: keyed.keys.client }, only);
    try {
      await measure(keyed, attacker, seconds);
    } finally {
      attacker.kill();
      await keyed.server.kill('SIGTERM');
    }
  });
}

async function measure(keyed: KeyedServer, attacker: ChildProcess, seconds: number): Promise<void> {
  const { pid, exitCode } = { pid: keyed.server.process.pid!, exitCode: () => keyed.server.process.exitCode };
  // Until the compiler has seen what it will see.
  await goodSlice(keyed, WARM_UP_S);
  const before = memoryOf(pid);
  let during = before.own;
  const watch = setInterval(() => {
    if (exitCode() === null) during = Math.max(during, memoryOf(pid).own);
  }, 250);
  const alone: Slice[] = [];
  const attacked: Slice[] = [];
  const tallies: Tally[] = [];
  const cpu: number[] = [];
  for (let round = 0; round < Math.max(1, Math.round(seconds / SLICE_S / 2)); round++) {
    alone.push(await goodSlice(keyed, SLICE_S));
    attacker.send('start');
    const from = cpuSeconds(pid);
    attacked.push(await goodSlice(keyed, SLICE_S));
    cpu.push((cpuSeconds(pid) - from) / SLICE_S);
    tallies.push(await stopped(attacker));
  }
  clearInterval(watch);
  await goodSlice(keyed, SLICE_S);
  const after = memoryOf(pid);
  const told = (name: string, slices: readonly Slice[]): void =>
    console.log(
      `${name}: ${median(slices.map(({ perSecond }) => perSecond)).toFixed(0)} lists/s (${slices.map(({ perSecond }) => perSecond.toFixed(0)).join(', ')}), p50 ${median(slices.map(({ p50Ms }) => p50Ms)).toFixed(1)} ms, p99 ${median(slices.map(({ p99Ms }) => p99Ms)).toFixed(1)} ms, ${slices.flatMap(({ failures }) => failures).length} failures`,
    );
  told('alone', alone);
  told('attacked', attacked);
  const ratios = attacked.map(({ perSecond }, round) => perSecond / alone[round]!.perSecond);
  console.log(`ratio: ${median(ratios).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`);
  console.log(`the server's core while attacked: ${Math.round(median(cpu) * 100)} % busy`);
  const [own, whole] = (['own', 'whole'] as const).map((of) => [before, after].map((memory) => memory[of].toFixed(0)));
  console.log(`memory of its own: ${own![0]} MB before, at most ${during.toFixed(0)} during, ${own![1]} after`);
  console.log(`with mapped files: ${whole![0]} MB before, ${whole![1]} after`);
  console.log(`the process ${exitCode() === null ? 'lives' : `ended with ${exitCode()}`}`);
  const [failure] = attacked.flatMap(({ failures }) => failures);
  if (failure !== undefined) console.log(`the first failure of the good client: ${failure}`);
  printTally(tallies);
}

const [first = '60', ...others] = process.argv.slice(2);
if (first === 'attack') attackOnDemand(others);
else void main(Number(first), others[0]);
