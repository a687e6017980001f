/** The commands that a Redis is sent while something runs, in lower case; those within scripts don't count. */
import { Redis } from 'ioredis';

export async function redisCommands(url: string, run: () => Promise<unknown>): Promise<string[]> {
  const client = new Redis(url);
  const monitor = await client.monitor();
  const seen: string[] = [];
  const over = new Promise((resolve) =>
    monitor.on('monitor', (_time: string, [command]: string[], source: string) => {
      if (command === 'echo') resolve(null);
      else if (source !== 'lua') seen.push(command!.toLowerCase());
    }),
  );
  await run();
  await client.echo('over');
  await over;
  monitor.disconnect();
  client.disconnect();
  return seen.filter((command) => command !== 'info');
}
