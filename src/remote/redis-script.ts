/**
 * A script that Redis runs as one step: all of it or, where it fails before it writes, nothing. Named by its hash, and sent
 * whole only to a server that does not know it, which is certain not to have run it.
 */
import { createHash } from 'node:crypto';
import { type ChainableCommander } from 'ioredis';
import { type RedisClient } from './redis.js';

type Values = readonly (string | number | Buffer)[];

export class RedisScript {
  private readonly hash: string;

  constructor(private readonly text: string) {
    this.hash = createHash('sha1').update(text).digest('hex');
  }

  /** Strings of the answer are buffers. All keys have one hash tag. */
  async run(client: RedisClient, keys: readonly string[], values: Values): Promise<unknown> {
    const given = [keys.length, ...keys, ...values];
    try {
      return await client.callBuffer('EVALSHA', [this.hash, ...given]);
    } catch (error) {
      if (!(error as Error).message.startsWith('NOSCRIPT')) throw error;
      return client.callBuffer('EVAL', [this.text, ...given]);
    }
  }

  /** The same in a pipeline, sent whole. Strings of the answer are strings. */
  queue(pipeline: ChainableCommander, keys: readonly string[], values: Values): ChainableCommander {
    return pipeline.eval(this.text, keys.length, ...keys, ...values);
  }
}
