/**
 * The demo world in a data folder: `demo.json` says that the folder is ours and which world it holds. What is there goes on
 * where the log ends; a folder with other data is never touched.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config } from '../config.js';
import { liveEvents } from '../datasets/demo/visitors.js';
import { replaceFile } from '../disk/durable-file.js';
import { createWorld, type World } from '../datasets/demo/world.js';
import { type Gateway } from '../gateway.js';
import { openGateway } from '../open-gateway.js';

const MARKER = 'demo.json';
/** What evaluating or training on files leaves in a folder is no data of anybody's. */
const BESIDE = ['replay', 'snapshots', 'training'];
const DAYS_BEFORE_MS = 14 * 86_400_000;
const MINUTE_MS = 60_000;
const BATCH = 4_000;

/** A folder that holds something that the demo did not make. */
export class NotDemoError extends Error {
  override readonly name = 'NotDemoError';
  readonly code = 'DATA_NOT_DEMO';
}

/** The folder says that it holds a demo world, but not which. */
export class DemoDamagedError extends Error {
  override readonly name = 'DemoDamagedError';
  readonly code = 'DEMO_DAMAGED';
}

/**
 * `recograph demo`: makes the folder's demo world, or brings it up to now, and says what it holds.
 * @throws NotDemoError where the folder holds other data
 */
export async function demo(config: Config, say: (line: string) => void): Promise<void> {
  const now = Date.now();
  const world = await demoWorld(config, now);
  if (world === null)
    throw new NotDemoError(`${config.dataFolder} holds data that the demo did not make; choose another folder`);
  const open = await openGateway(config, say);
  try {
    const events = await continueWorld(world, open.gateway, now);
    const { items, users, position } = open.gateway.state;
    say(`${events} events added; ${items.count} articles, ${users.count} readers, log position ${position}`);
  } finally {
    await open.close();
  }
}

/** The world that the folder holds; null where it holds none. @throws DemoDamagedError */
export async function existingDemoWorld({ dataFolder }: Config): Promise<World | null> {
  const path = join(dataFolder, MARKER);
  const marker = await readFile(path, 'utf8').catch(() => null);
  if (marker === null) return null;
  try {
    return createWorld(JSON.parse(marker) as { seed: number; startsAt: number });
  } catch (error) {
    throw new DemoDamagedError(`${path} doesn't name a demo world: ${(error as Error).message}`);
  }
}

/** The world of the folder: the one it holds, or a new one whose two weeks end now; null where other data is there. */
export async function demoWorld(config: Config, now: number): Promise<World | null> {
  const existing = await existingDemoWorld(config);
  if (existing !== null) return existing;
  const files = await readdir(config.dataFolder).catch(() => []);
  if (files.some((file) => !file.startsWith(MARKER) && !BESIDE.includes(file))) return null;
  const startsAt = Math.floor((now - DAYS_BEFORE_MS) / MINUTE_MS) * MINUTE_MS;
  const options = { seed: config.demoSeed, startsAt };
  await mkdir(config.dataFolder, { recursive: true });
  await replaceFile(join(config.dataFolder, MARKER), JSON.stringify(options));
  return createWorld(options);
}

/**
 * Appends what happened in the world since the log's last event, up to `now`, and says how many events that were. What
 * stands in the log already has the same ids and counts once. After more than two weeks nobody was there in between.
 */
export async function continueWorld(world: World, gateway: Gateway, now: number): Promise<number> {
  const from = Math.max(world.startsAt, gateway.state.latestAt, now - DAYS_BEFORE_MS);
  let appended = 0;
  for (let start = from; start < now;) {
    const end = Math.min(now, start + 86_400_000);
    const events = liveEvents(world, start, end);
    for (let at = 0; at < events.length; at += BATCH) {
      const { positions } = await gateway.append(events.slice(at, at + BATCH));
      appended += positions.filter((position) => position !== null).length;
    }
    start = end;
  }
  return appended;
}

/** Lets the world go on: every second its visitors do what they do. The function returned ends it. */
export function letVisitorsClick(
  world: World,
  gateway: Gateway,
  onProblem: (message: string) => void,
): () => Promise<void> {
  let from = Date.now();
  let running = Promise.resolve();
  const timer = setInterval(() => {
    const to = Date.now();
    const events = liveEvents(world, from, to);
    from = to;
    if (events.length === 0) return;
    running = gateway.append(events).then(
      () => undefined,
      (error: unknown) => onProblem(`visitors: ${String(error)}`),
    );
  }, 1_000);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
