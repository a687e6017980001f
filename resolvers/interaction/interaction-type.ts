import { registerEnumType } from 'type-graphql';
import { type InteractionType as EventType } from '../../src/events/event.js';

export const InteractionType = {
  IMPRESSION: 'IMPRESSION',
  VIEW: 'VIEW',
  CLICK: 'CLICK',
  LIKE: 'LIKE',
  DISLIKE: 'DISLIKE',
  ADD_TO_CART: 'ADD_TO_CART',
  PURCHASE: 'PURCHASE',
  UNDO: 'UNDO',
} as const satisfies { [Name in EventType]: Name };
export type InteractionType = EventType;

registerEnumType(InteractionType, {
  name: 'InteractionType',
  description:
    'UNDO takes back the user’s last interaction with the item. All but IMPRESSION and UNDO make an item seen.',
});
