import { Field, InputType, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true, description: 'Where and how somebody reads. The codes are the site’s own.' })
export class Context {
  @Field(() => String, { nullable: true })
  device?: string | undefined;

  @Field(() => String, { nullable: true })
  os?: string | undefined;

  @Field(() => String, { nullable: true })
  country?: string | undefined;

  @Field(() => String, { nullable: true })
  region?: string | undefined;

  @Field(() => String, { nullable: true })
  referrer?: string | undefined;
}

@InputType({ description: 'Overrides the profile’s context, dimension by dimension. Values have 1 to 64 characters.' })
export class ContextInput {
  @Field(() => String, { nullable: true })
  device?: string;

  @Field(() => String, { nullable: true })
  os?: string;

  @Field(() => String, { nullable: true })
  country?: string;

  @Field(() => String, { nullable: true })
  region?: string;

  @Field(() => String, { nullable: true })
  referrer?: string;
}
