import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NO_OPENSSL } from '../support/certificate.js';
import { startCollector } from '../support/collector.js';
import { NO_REDIS, startRedis } from '../support/redis.js';
import { withFolder } from '../support/server.js';

const support = (name: string): string => join(__dirname, '../support', name);

const missing = NO_OPENSSL ?? NO_REDIS;
(missing === null ? it : it.skip)(
  `tells Application Insights of calls to Redis and how they went, and nothing of what they said${missing === null ? '' : ` (${missing})`}`,
  async () => {
    await withFolder(async (folder) => {
      const [collector, redis] = await Promise.all([startCollector(folder), startRedis()]);
      const command = ['--require', support('register-swc.cjs'), support('insights-calls.ts')];
      const env = { ...process.env, NODE_EXTRA_CA_CERTS: collector.environment['NODE_EXTRA_CA_CERTS'] };
      await promisify(execFile)(process.execPath, [...command, collector.connectionString, redis.url], {
        env: { ...env, APPLICATION_INSIGHTS_NO_STATSBEAT: 'true' },
      });
      const calls = collector.items.filter(({ data }) => data.baseType === 'RemoteDependencyData');
      const told = calls.map(({ data: { baseData }, sampleRate }) => {
        const { name, type, target, success, properties } = baseData;
        return { name, type, target, success, properties, sampleRate };
      });
      const call = { name: 'Redis', type: 'redis', target: 'Redis', sampleRate: 100 };
      expect(told).toEqual([
        { ...call, success: true, properties: { 'recograph.outcome': 'ok' } },
        { ...call, success: false, properties: { 'recograph.outcome': 'wrong' } },
        { ...call, success: false, properties: { 'recograph.outcome': 'failed' } },
      ]);
      expect(collector.text).not.toContain('somebody-secret');
      expect(collector.text).not.toContain('NO_SUCH_COMMAND');
      await redis.stop();
      await collector.close();
    });
  },
);
