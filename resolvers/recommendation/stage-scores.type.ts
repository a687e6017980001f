import { Field, Float, Int, ObjectType } from 'type-graphql';
import { type Slate } from '../../src/engine/slate.js';
import { type SourceName } from '../../src/engine/stage-name.js';
import { StageName } from './stage-name.js';

@ObjectType({
  simpleResolvers: true,
  description: 'One field a stage, null where the stage is not live or has nothing to say about this item.',
})
export class StageScores {
  constructor(
    private readonly slate: Slate,
    private readonly index: number,
  ) {}

  @Field(() => Float, { nullable: true, description: 'Share of the clicks now, among readers of this context.' })
  get popularity(): number | null {
    return this.source('POPULARITY');
  }

  @Field(() => Float, { nullable: true, description: 'By age, as a share of what the newest items have together.' })
  get newest(): number | null {
    return this.source('NEWEST');
  }

  @Field(() => Float, { nullable: true, description: 'Probability of being read after or with the last items read.' })
  get itemNeighbours(): number | null {
    return this.source('ITEM_NEIGHBOURS');
  }

  @Field(() => Float, { nullable: true, description: 'Share of what readers alike read.' })
  get userNeighbours(): number | null {
    return this.source('USER_NEIGHBOURS');
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'What matrix factorisation expects of the whole history, as a share. Needs a fitted model: null without a snapshot.',
  })
  get als(): number | null {
    return this.source('ALS');
  }

  @Field(() => Float, { nullable: true, description: 'Needs a fitted model: null without a snapshot.' })
  get twoTower(): number | null {
    return null;
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'What the learned ranker says: the score, where it made the order; comparable within one list only. Needs a fitted model.',
  })
  get ranker(): number | null {
    return this.slate.ranker === null ? null : this.slate.scores[this.index]!;
  }

  @Field(() => Float, {
    nullable: true,
    description: 'Weighted sum of the sources: the score, where no learned ranker made the order.',
  })
  get blend(): number | null {
    return this.slate.blend[this.index]!;
  }

  private source(wanted: SourceName): number | null {
    const source = this.slate.sources.find(({ name }) => name === wanted);
    if (source === undefined) return null;
    const score = source.scores[this.index]!;
    return score === 0 && source.ranks[this.index] === 0 ? null : score;
  }
}

@ObjectType({ simpleResolvers: true, description: 'What one stage said of the item.' })
export class StageScore {
  @Field(() => StageName)
  stage!: StageName;

  @Field(() => Float)
  score!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'From 1, among what the stage retrieved or ordered; null where it did neither.',
  })
  rank!: number | null;

  @Field({ description: 'Whether the stage brought the item into the list.' })
  retrieved!: boolean;

  @Field(() => Float, { nullable: true, description: 'Of a source in the blend.' })
  weight!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Weight times score; over the sources they add up to the score of BLEND.',
  })
  contribution!: number | null;
}

/** Every stage that has something to say of the item at this index of the slate, in the order of the stages. */
export function stagesOf(slate: Slate, index: number): StageScore[] {
  const stages: StageScore[] = [];
  for (const { name, weight, scores, ranks } of slate.sources) {
    const score = scores[index]!;
    const retrieved = ranks[index] !== 0;
    if (score === 0 && !retrieved) continue;
    stages.push({ stage: name, score, rank: ranks[index] || null, retrieved, weight, contribution: weight * score });
  }
  const silent = { retrieved: false, weight: null, contribution: null };
  const score = slate.scores[index]!;
  const rank = index + 1;
  stages.push({ stage: 'BLEND', score: slate.blend[index]!, rank: slate.blendRanks[index] || null, ...silent });
  if (slate.ranker !== null) {
    stages.push({ stage: 'RANKER', score, rank: slate.ranker.ranks[index] || null, ...silent });
  }
  const diversity = slate.diversity[index];
  if (diversity !== undefined && !Number.isNaN(diversity)) {
    stages.push({ stage: 'DIVERSITY', score: diversity, rank, ...silent });
  }
  if (index >= slate.backfilledFrom) stages.push({ stage: 'BACKFILL', score, rank, ...silent, retrieved: true });
  return stages;
}
