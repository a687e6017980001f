/**
 * /livez: the process turns; /readyz: it holds what the log holds and takes requests. Lists are made without the newest
 * snapshot too, so a problem with it is shown and makes nobody unready; nor does a log that promises less than it could, or one
 * that can't be reached now: were that a reason, all replicas would go at once, which still answer with what they hold.
 */
import { type FastifyInstance } from 'fastify';
import { type Gateway } from '../gateway.js';
import { type SnapshotKeeper } from '../snapshot-keeper.js';
import { type Follower } from '../state/follower.js';

/** Events that a replica may be behind and still be ready. */
const READY_LAG = 1_000;

export interface HealthParts {
  readonly follower: Follower;
  readonly gateway: Pick<Gateway, 'durability'>;
  readonly snapshots: SnapshotKeeper;
  /** Number of this process; null: it is the only one. */
  readonly worker: number | null;
  readonly isDraining: () => boolean;
}

export function health(app: FastifyInstance, { follower, gateway, snapshots, worker, isDraining }: HealthParts): void {
  app.get('/livez', () => ({ live: true }));
  app.get('/readyz', (_request, reply) => {
    const reasons = [
      ...(isDraining() ? ['draining'] : []),
      ...(follower.lag > READY_LAG ? [`${follower.lag} events behind the log`] : []),
    ];
    const { position } = follower.state;
    const snapshot = { id: snapshots.snapshot?.id ?? null, problem: snapshots.problem };
    const { durability } = gateway;
    const ready = reasons.length === 0;
    return reply.code(ready ? 200 : 503).send({
      ready,
      reasons,
      troubles: follower.troubles,
      position,
      snapshot,
      ...(durability !== null && { durability: { ...durability.settings, warning: durability.warning } }),
      ...(worker !== null && { worker }),
    });
  });
}
