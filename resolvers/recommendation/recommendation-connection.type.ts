import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { type Slate } from '../../src/engine/slate.js';
import { type Gateway } from '../../src/gateway.js';
import { Context } from '../context/context.type.js';
import { encodeCursor } from '../paging/cursor.js';
import { PageInfo } from '../paging/page-info.type.js';
import { type Relation } from '../relation.js';
import { Snapshot } from '../snapshot/snapshot.type.js';
import { UserSegment } from '../user/user-segment.js';
import { Recommendation } from './recommendation.type.js';

@ObjectType({ simpleResolvers: true, description: 'What did not work and what was done instead.' })
export class Degradation {
  @Field()
  stage!: string;

  @Field({
    description:
      'STAGE_FAILED, BUDGET_EXCEEDED, HISTORY_UNAVAILABLE, or SLATE_NOT_KEPT: cursors of this list answer SLATE_EXPIRED.',
  })
  code!: string;

  @Field()
  message!: string;

  @Field(() => String, { nullable: true })
  instead!: string | null;
}

@ObjectType({ simpleResolvers: true })
export class Removal {
  @Field()
  filter!: string;

  @Field(() => Int)
  count!: number;
}

@ObjectType({ simpleResolvers: true })
export class StageTrace {
  @Field()
  stage!: string;

  @Field(() => Int)
  candidatesIn!: number;

  @Field(() => Int)
  candidatesOut!: number;

  @Field(() => Float)
  durationMs!: number;

  @Field(() => [Removal], { description: 'Which filter removed how many.' })
  removed!: Removal[];
}

@ObjectType({ simpleResolvers: true, description: 'What happened in each stage, in their order.' })
export class Trace {
  @Field(() => [StageTrace])
  stages!: StageTrace[];

  @Field(() => Float)
  totalMs!: number;

  @Field({ description: 'The list knows every event up to this position of the log.' })
  logPosition!: string;
}

@ObjectType({ simpleResolvers: true })
export class RecommendationEdge {
  @Field()
  cursor!: string;

  @Field(() => Recommendation)
  node!: Relation<Recommendation>;
}

@ObjectType({
  simpleResolvers: true,
  description: 'A page of a list (Relay). The list holds up to 100 items and is kept for a while.',
})
export class RecommendationConnection {
  readonly nodesHere: readonly Recommendation[];

  /** The page of at most `size` items of the slate from the index `from` on. */
  constructor(
    private readonly gateway: Gateway,
    private slate: Slate,
    private readonly page: { readonly from: number; readonly size: number },
  ) {
    const count = Math.max(0, Math.min(page.size, slate.items.length - page.from));
    this.nodesHere = Array.from({ length: count }, (_, at) => new Recommendation(gateway, slate, page.from + at));
  }

  /** Of a list that was only looked at: keeps it, for it is shown. */
  async keep(): Promise<void> {
    const [kept] = await this.gateway.keep([this.slate]);
    this.slate = kept!;
  }

  @Field(() => [RecommendationEdge])
  get edges(): RecommendationEdge[] {
    return this.nodesHere.map((node) => ({ cursor: this.cursor(node.rank), node }));
  }

  @Field(() => [Recommendation])
  get nodes(): readonly Relation<Recommendation>[] {
    return this.nodesHere;
  }

  @Field(() => PageInfo)
  get pageInfo(): PageInfo {
    const { from } = this.page;
    const end = from + this.nodesHere.length;
    return {
      hasNextPage: end < this.slate.items.length,
      hasPreviousPage: from > 0,
      startCursor: end > from ? this.cursor(from + 1) : null,
      endCursor: end > from ? this.cursor(end) : null,
    };
  }

  @Field(() => ID, { description: 'Names this list in interactions, later pages and receipts.' })
  get recommendationId(): string {
    return this.slate.id;
  }

  @Field(() => UserSegment)
  get segment(): UserSegment {
    return this.slate.segment;
  }

  @Field(() => Context, { description: 'What was used after the profile and the request were put together.' })
  get context(): Context {
    return this.slate.context;
  }

  @Field(() => Snapshot, {
    nullable: true,
    description: 'The fitted models that were used; null before the first training.',
  })
  get snapshot(): Snapshot | null {
    return this.slate.snapshot;
  }

  @Field(() => [Degradation], { description: 'What did not work and what was done instead; empty when all did.' })
  get degradations(): readonly Degradation[] {
    return this.slate.degradations;
  }

  @Field(() => Trace)
  get trace(): Trace {
    const { stages, totalMs, logPosition } = this.slate.trace;
    return { stages: stages as StageTrace[], totalMs, logPosition: String(logPosition) };
  }

  private cursor(rank: number): string {
    return encodeCursor([this.slate.id, rank]);
  }
}
