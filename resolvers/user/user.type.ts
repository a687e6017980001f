import { Field, ID, ObjectType } from 'type-graphql';

@ObjectType({ simpleResolvers: true, description: 'A user; one never seen before is a cold user, not an error.' })
export class User {
  constructor(id: string) {
    this.id = id;
  }

  @Field(() => ID)
  id: string;
}

/** The users of these ids, each once, in the order in which they come first. */
export function usersOf(ids: readonly string[]): User[] {
  return [...new Set(ids)].map((id) => new User(id));
}
