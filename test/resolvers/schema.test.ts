import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  GraphQLInputObjectType,
  GraphQLEnumType,
  type GraphQLNamedType,
  GraphQLObjectType,
} from 'graphql';
import { buildGraphQLSchema, printGraphQLSchema } from '../../resolvers/index.js';

const read = (path: string): string => readFileSync(join(__dirname, '..', path), 'utf8');

/** Every field, argument, input field and enum value of a type, with its type. */
function members(type: GraphQLNamedType): string[] {
  if (type instanceof GraphQLEnumType) return type.getValues().map(({ name }) => name);
  if (type instanceof GraphQLInputObjectType) {
    return Object.values(type.getFields()).map((field) => `${field.name}: ${String(field.type)}`);
  }
  if (!(type instanceof GraphQLObjectType)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    `${field.name}: ${String(field.type)}`,
    ...field.args.map((arg) => `${field.name}(${arg.name}: ${String(arg.type)})`),
  ]);
}

describe('the schema', () => {
  it('is what schema.graphql says', () => {
    expect(printGraphQLSchema()).toBe(read('../schema.graphql'));
  });

  it('holds everything that clients rely on, under the same names and types', () => {
    const schema = buildGraphQLSchema();
    const contract = buildSchema(read('golden/contract.graphql'));
    const types = Object.values(contract.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
    for (const type of types) {
      const ours = schema.getType(type.name);
      expect(ours?.name).toBe(type.name);
      expect(members(ours!)).toEqual(expect.arrayContaining(members(type)));
    }
  });

  it('describes every field that needs a fitted model as such', () => {
    const { als, twoTower, ranker } = (buildGraphQLSchema().getType('StageScores') as GraphQLObjectType).getFields();
    for (const field of [als, twoTower, ranker]) expect(field!.description).toContain('fitted model');
  });
});
