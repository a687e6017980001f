import { openMemoryLog } from '../support/memory-log.js';
import { click, eventLogContract } from '../contracts/event-log.contract.js';

eventLogContract('memory', async (options) => openMemoryLog(options));

describe('openMemoryLog', () => {
  it('slides a large window of ids in constant time', async () => {
    const log = openMemoryLog({ duplicateWindow: 100_000 });
    const started = performance.now();
    for (let i = 0; i < 400_000; i += 4_000) {
      await log.append(Array.from({ length: 4_000 }, (_, j) => click('a', `${i + j}`)));
    }
    expect(log.last()).toBe(400_000);
    expect(performance.now() - started).toBeLessThan(20_000); // a scan of the forgotten ids takes minutes
  });
});
