import { Field, Float, Int, ObjectType } from 'type-graphql';
import { explain, type Explanation as Explained } from '../../src/engine/explain.js';
import { type Slate } from '../../src/engine/slate.js';
import { type Gateway } from '../../src/gateway.js';
import { Item } from '../item/item.type.js';
import { type Relation } from '../relation.js';
import { Explanation, FeatureValue } from './explanation.type.js';
import { StageScore, StageScores, stagesOf } from './stage-scores.type.js';

@ObjectType({ simpleResolvers: true, description: 'An item at its place in a list, with why it stands there.' })
export class Recommendation {
  private made: Explained | null = null;

  /** The item at this index of the slate; fields are computed when they are selected. */
  constructor(
    private readonly gateway: Gateway,
    private readonly slate: Slate,
    private readonly index: number,
  ) {}

  @Field(() => Item)
  get item(): Relation<Item> {
    return new Item(this.gateway.state, this.slate.items[this.index]!);
  }

  @Field(() => Int, { description: 'Place in the list, from 1.' })
  get rank(): number {
    return this.index + 1;
  }

  @Field(() => Float, { description: 'What the list was ordered by, before diversity.' })
  get score(): number {
    return this.slate.scores[this.index]!;
  }

  @Field(() => StageScores)
  get scores(): StageScores {
    return new StageScores(this.slate, this.index);
  }

  @Field(() => [StageScore], { description: 'What every stage said of the item.' })
  get stages(): StageScore[] {
    return stagesOf(this.slate, this.index);
  }

  @Field(() => Float, {
    nullable: true,
    description:
      'What the score would be with no evidence: features’ contributions and baseScore add up to the score. Null where the ranker that made the list can’t tell, or is not at hand any more: then there are no features either.',
  })
  get baseScore(): number | null {
    return this.explained.baseScore;
  }

  @Field(() => [FeatureValue], {
    description:
      'The inputs of the score and how much each moved it: the learned ranker’s, or what the sources said where there is none.',
  })
  get features(): FeatureValue[] {
    const { ranker, sources } = this.slate;
    if (ranker !== null) {
      return this.explained.features.map(({ feature: { name, group, unit }, value, contribution }) => ({
        name,
        group,
        unit,
        value: Number.isNaN(value) ? null : value,
        contribution,
      }));
    }
    return sources.map(({ name, weight, scores }) => {
      const value = scores[this.index]!;
      return { name: name.toLowerCase(), group: null, unit: 'probability', value, contribution: weight * value };
    });
  }

  @Field(() => Explanation, { description: 'The score in words.' })
  get explanation(): Explanation {
    const { state } = this.gateway;
    const { text, reasons } = this.explained;
    return {
      text,
      reasons: reasons.map((reason) => ({
        ...reason,
        item: reason.item === null ? null : new Item(state, reason.item),
      })),
    };
  }

  /** Computed once, when the first field that needs it is selected. */
  private get explained(): Explained {
    const { gateway, slate, index } = this;
    this.made ??= explain(slate, index, gateway.state, gateway.rankerOf(slate));
    return this.made;
  }
}
