import { traceParent } from '../../src/telemetry/trace-parent.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

it('takes the header of version 0, and of versions to come what it knows', () => {
  const parent = { traceId: TRACE, spanId: SPAN };
  expect(traceParent(`00-${TRACE}-${SPAN}-01`)).toEqual(parent);
  expect(traceParent(`01-${TRACE}-${SPAN}-00-more`)).toEqual(parent);
});

it.each([
  null,
  '',
  'nonsense',
  `00-${TRACE}-${SPAN}`,
  `00-${TRACE}-${SPAN}-01-more`,
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
])('begins a trace where the header is %s', (header) => {
  expect(traceParent(header)).toBeNull();
});
