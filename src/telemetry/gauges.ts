/** What is read off the running process whenever the metrics are asked for: nothing of it costs a request anything. */
import { type Server } from 'node:http';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { promisify } from 'node:util';
import { type Meter } from '@opentelemetry/api';
import { type SnapshotKeeper } from '../snapshot-keeper.js';
import { type Follower } from '../state/follower.js';

export interface GaugeParts {
  readonly follower: Follower;
  readonly snapshots: SnapshotKeeper;
  /** The one that takes requests. */
  readonly server: Server;
  /** Operations whose lines the audit log lost; null where there is none. */
  readonly auditLost: (() => number) | null;
  /** Additions to limits that only this machine has counted; null where no others count. */
  readonly limitsAlone: (() => number) | null;
  /** Wall clock, ms. */
  readonly clock: () => number;
}

const NANOSECONDS = 1e9;

/** The function it gives ends the measuring of the event loop. */
export function addGauges(meter: Meter, { follower, snapshots, server, clock, ...parts }: GaugeParts): () => void {
  const gauge = (name: string, description: string, read: () => number | null): void => {
    meter.createObservableGauge(name, { description }).addCallback((result) => {
      const value = read();
      if (value !== null) result.observe(value);
    });
  };
  gauge('recograph_log_lag_events', 'events that are in the log and not yet in the state', () => follower.lag);
  gauge(
    'recograph_state_troubles',
    'reasons for which the state does not follow the log',
    () => follower.troubles.length,
  );
  gauge('recograph_log_position', 'events in the state', () => follower.state.position);
  gauge('recograph_snapshot_age_seconds', 'since the snapshot in use was made', () =>
    snapshots.snapshot === null ? null : (clock() - snapshots.snapshot.createdAt) / 1_000,
  );
  gauge('recograph_snapshot_problem', '1 where the snapshot that should be in use is not', () =>
    snapshots.problem === null ? 0 : 1,
  );
  gauge('process_resident_memory_bytes', 'memory of the process', () => process.memoryUsage.rss());
  gauge('nodejs_heap_used_bytes', 'JavaScript objects', () => process.memoryUsage().heapUsed);
  meter
    .createObservableGauge('recograph_state_bytes', { description: 'flat arrays of the state, by part' })
    .addCallback((result) => {
      for (const [part, bytes] of Object.entries(follower.state.bytes())) result.observe(bytes, { part });
    });
  const connections = promisify(server.getConnections.bind(server));
  meter
    .createObservableGauge('recograph_open_connections', { description: 'connections of clients' })
    .addCallback(async (result) => result.observe(await connections()));
  const counter = (name: string, description: string, read: (() => number) | null): void => {
    if (read === null) return;
    meter.createObservableCounter(name, { description }).addCallback((result) => result.observe(read()));
  };
  counter('recograph_audit_lost', 'operations that the audit log could not write', parts.auditLost);
  counter(
    'recograph_limits_alone',
    'additions to limits that replicas share, counted by this one alone',
    parts.limitsAlone,
  );
  return addLoopDelay(meter);
}

function addLoopDelay(meter: Meter): () => void {
  const delays: IntervalHistogram = monitorEventLoopDelay({ resolution: 20 });
  delays.enable();
  meter
    .createObservableGauge('nodejs_eventloop_delay_seconds', {
      description: 'how late the event loop was since the metrics were last asked for; it counts from 0.02',
    })
    .addCallback((result) => {
      // Nothing was measured yet right after a reset.
      if (delays.count > 0) {
        result.observe(delays.percentile(50) / NANOSECONDS, { quantile: '0.5' });
        result.observe(delays.percentile(99) / NANOSECONDS, { quantile: '0.99' });
      }
      delays.reset();
    });
  return () => void delays.disable();
}
