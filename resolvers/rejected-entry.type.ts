import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true, description: 'An entry of a mutation that was not recorded; the others were.' })
export class RejectedEntry {
  @Field(() => Int, { description: 'Its place in the input, from 0.' })
  index!: number;

  @Field({ description: 'Stable; see the table of errors.' })
  code!: string;

  @Field()
  message!: string;
}
