/** A server that trains by a script in place of the real thing: node this file --data DIR --port N SCRIPT. */
import 'reflect-metadata';
import { serve } from '../../src/commands/serve.js';
import { readConfig } from '../../src/config.js';

const [, , , dataFolder, , port, script] = process.argv;
void serve(readConfig(process.env, { dataFolder, port }), {
  training: { everyMs: 1, command: [process.execPath, '-e', script!] },
});
