import { type ImportEvent } from '../../src/events/event.js';
import { Imports } from '../../src/state/imports.js';
import { reloaded } from '../support/saved.js';

const upTo = (fingerprint: string, rows: number, complete = false): ImportEvent => ({
  kind: 'import',
  fingerprint,
  rows,
  complete,
  at: 0,
});

describe('Imports', () => {
  it('knows of each file how far the last event says that it is, read back too', () => {
    const imports = new Imports();
    for (const event of [upTo('f', 10), upTo('g', 5), upTo('f', 20, true)]) imports.apply(event);
    for (const one of [imports, reloaded(imports, new Imports())]) {
      expect(one.of('f')).toEqual({ rows: 20, complete: true });
      expect(one.of('g')).toEqual({ rows: 5, complete: false });
      expect(one.of('never')).toBeUndefined();
    }
  });
});
