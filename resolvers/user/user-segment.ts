import { registerEnumType } from 'type-graphql';

/** Cold: no interaction other than impressions is known. */
export const UserSegment = { COLD: 'COLD', WARM: 'WARM' } as const;
export type UserSegment = keyof typeof UserSegment;

registerEnumType(UserSegment, {
  name: 'UserSegment',
  description: 'WARM from the first interaction other than an impression.',
});
