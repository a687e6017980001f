/** The example of a front end, taken through its own workflow: generate, build, publish, run against a server that takes hashes only. */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ask, type LogLine, send, startProcess, withFolder } from '../support/server.js';

const ROOT = join(__dirname, '../..');
const ADD = 'mutation Add { upsertItems(input: { items: [{ id: "tea" }, { id: "milk" }] }) { accepted } }';
/** What another front end had published. */
const OLDER = { 'sha256:01d': ADD };

/** Runs a script of the example; resolves to what it printed. */
async function run(example: string, script: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], { cwd: example });
  return stdout;
}

const installed = (path: string): string => join(ROOT, 'node_modules', path);

/** A copy of the example beside the schema, with what the repository has installed. */
async function copied(folder: string): Promise<string> {
  const example = join(folder, 'examples/front-end');
  await mkdir(example, { recursive: true });
  const made = ['node_modules', 'dist', 'generated'];
  await cp(join(ROOT, 'examples/front-end'), example, {
    recursive: true,
    filter: (path) => !made.some((name) => path.endsWith(`/${name}`)),
  });
  await cp(join(ROOT, 'schema.graphql'), join(folder, 'schema.graphql'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return example;
}

it('its client runs by hash once its manifest is served, beside an older release, and nothing else is executed', async () => {
  await withFolder(async (folder) => {
    const example = await copied(folder);
    await run(example, installed('@graphql-codegen/cli/cjs/bin.js'), '--config', 'codegen.ts');
    await run(example, installed('typescript/bin/tsc'));
    const served = join(folder, 'served.json');
    await writeFile(served, JSON.stringify(OLDER));
    const environment = { PERSISTED: 'only', PERSISTED_MANIFEST: served };
    const lines: LogLine[] = [];
    const { url, kill } = await startProcess(join(folder, 'data'), environment, { onLine: (line) => lines.push(line) });
    const older = JSON.stringify({ documentId: 'sha256:01d' });
    expect((await send(`${url}/graphql`, older)).data).toEqual({ upsertItems: { accepted: 2 } });

    const client = (): Promise<string> => run(example, 'dist/main.js', `${url}/graphql`, 'ann');
    const refusal = 'OperationFailed: PERSISTED_QUERY_REQUIRED: no document of the server’s manifest has this hash';
    await expect(client()).rejects.toThrow(refusal);
    const published = await run(example, 'publish-manifest.mjs', served);
    expect(published).toBe(`${served}: 3 operations of this release, 1 older\n`);
    while (!lines.some(({ msg }) => msg === 'trusted documents were read again'))
      await new Promise((resolve) => setTimeout(resolve, 20));

    const [popular, cold, first, ...rest] = (await client()).trimEnd().split('\n');
    expect(popular).toMatch(/^popular: (tea, milk|milk, tea)$/);
    expect(cold).toBe('ann (COLD):');
    const clicked = /^ {2}1\. (tea|milk): ./.exec(first!)![1]!;
    expect(rest.slice(1, 3)).toEqual(['recorded: 1', 'ann (WARM):']);
    // What was clicked is seen, and not listed again.
    expect(rest.slice(3).join()).not.toContain(clicked);
    expect((await send(`${url}/graphql`, older)).errors).toBeUndefined();
    expect(await ask(url, '{ viewer { id } }')).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'PERSISTED_QUERY_REQUIRED' } }],
    });
    expect(await kill('SIGTERM')).toBe(0);
  });
});

it('publishing keeps older operations and puts those of the release last, once', async () => {
  await withFolder(async (folder) => {
    const example = await copied(folder);
    const served = join(folder, 'served.json');
    const publish = async (release: object): Promise<[string, unknown][]> => {
      await mkdir(join(example, 'src/generated'), { recursive: true });
      await writeFile(join(example, 'src/generated/persisted-documents.json'), JSON.stringify(release));
      await run(example, 'publish-manifest.mjs', served);
      return Object.entries(JSON.parse(await readFile(served, 'utf8')) as object);
    };
    expect(await publish({ a: 'A', b: 'B' })).toEqual(Object.entries({ a: 'A', b: 'B' }));
    expect(await publish({ c: 'C' })).toEqual(Object.entries({ a: 'A', b: 'B', c: 'C' }));
    expect(await publish({ a: 'A' })).toEqual(Object.entries({ b: 'B', c: 'C', a: 'A' }));
    await expect(run(example, 'publish-manifest.mjs')).rejects.toThrow(
      'name the manifest that the server reads (PERSISTED_MANIFEST)',
    );
    await writeFile(served, '{');
    await expect(run(example, 'publish-manifest.mjs', served)).rejects.toThrow('SyntaxError');
    expect(await readFile(served, 'utf8')).toBe('{');
  });
});
