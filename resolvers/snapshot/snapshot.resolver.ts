import { Ctx, Query, Resolver } from 'type-graphql';
import { type Snapshot as EngineSnapshot } from '../../src/engine/snapshot.js';
import type { RequestContext } from '../../src/context.js';
import { Snapshot } from './snapshot.type.js';

@Resolver()
export class SnapshotResolver {
  @Query(() => Snapshot, { nullable: true, description: 'The snapshot being served; null before the first training.' })
  snapshot(@Ctx() { snapshot }: RequestContext): EngineSnapshot | null {
    return snapshot;
  }
}
