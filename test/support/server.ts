/** A real server process over a real data folder, and a real HTTP client. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const MAIN = join(__dirname, '../../dist/src/main.js');

export interface ServerProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** Ends it with the signal and resolves to its exit code. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<ChildProcess>();
// Outside of a test run there is no afterAll: a benchmark ends its server itself.
(globalThis as { afterAll?: (end: () => void) => void }).afterAll?.(() => {
  // What a failed test left behind must not outlive it.
  for (const child of running) child.kill('SIGKILL');
});

export interface ProcessOptions {
  /** What node runs; given `--data` and `--port`. */
  readonly command?: readonly string[];
  /** More options of the command. */
  readonly options?: readonly string[];
  /** Told of every line of its log. */
  readonly onLine?: (line: LogLine) => void;
  /** Told of what it writes to stderr; without it, the terminal shows it. */
  readonly onStderr?: (text: string) => void;
}

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** Starts `recograph serve` on a free port and resolves once it listens. */
export async function startProcess(
  dataFolder: string,
  environment: Readonly<Record<string, string>> = {},
  { command = [MAIN, 'serve'], options = [], onLine, onStderr }: ProcessOptions = {},
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [...command, '--data', dataFolder, '--port', '0', ...options], {
    env: { ...process.env, NODE_ENV: 'test', LOG_LEVEL: 'info', RATE_LIMIT: 'off', ...environment },
    stdio: ['ignore', 'pipe', onStderr === undefined ? 'inherit' : 'pipe'],
  });
  child.stderr?.on('data', (text: Buffer) => onStderr?.(text.toString()));
  running.add(child);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  void exited.then(() => running.delete(child));
  const url = await new Promise<string>((resolve, reject) => {
    void exited.then((code) => reject(new Error(`the server ended with ${code} before it listened`)));
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const said = JSON.parse(line) as LogLine;
      onLine?.(said);
      if (said.msg === 'serving') resolve(said['url'] as string);
    });
  });
  return {
    url,
    process: child,
    kill(signal) {
      child.kill(signal);
      return exited;
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: { message: string; extensions: { code: string } }[];
}

/** Sends an operation by POST. */
export async function ask(url: string, query: string, variables: object = {}): Promise<Answer> {
  return send(`${url}/graphql`, JSON.stringify({ query, variables }));
}

/** Sends any body by POST as JSON. */
export async function send(url: string, body: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return { status: response.status, ...((await response.json()) as object) };
}

/** Runs the test in a folder of its own, which is removed after. */
export async function withFolder<Result>(run: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'recograph-'));
  try {
    return await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
