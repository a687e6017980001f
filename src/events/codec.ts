/**
 * An event as the bytes of its log entry: a MessagePack array of values in a fixed order, headed by the format version
 * and the tenant, without what is absent at its end. Decoding gives back an equal event; an absent field stays absent.
 * Strings are well-formed Unicode. Attributes are kept as JSON text: they are rare, and their names are the site's own.
 */
import { Packr } from 'msgpackr';
import {
  type Attributes,
  type Context,
  type Event,
  INTERACTION_TYPES,
  type InteractionEvent,
  type ItemEvent,
  type ProfileEvent,
} from './event.js';

/** Version of the layout below; an entry of any other version is refused. */
export const FORMAT_VERSION = 1;

/** Kinds in the order of their numbers in an entry; the order is part of the format: only append. */
const KINDS = ['interaction', 'item', 'profile', 'merge', 'forget', 'import'] as const;
const TYPE_NUMBERS = new Map(INTERACTION_TYPES.map((type, number) => [type, number]));

/** The log holds an entry that this build can't read, or that belongs to another tenant. */
export class LogFormatError extends Error {
  override readonly name = 'LogFormatError';
  readonly code = 'LOG_FORMAT';
}

export interface EventCodec {
  /** Throws where the event's kind or type is not one of `event.ts`. */
  encode(event: Event): Buffer;
  /** Decodes the first `size` bytes; throws `LogFormatError` naming what was found and what was expected. */
  decode(bytes: Uint8Array, size?: number): Event;
}

export function eventCodec(tenant: string): EventCodec {
  const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: true });
  return {
    encode: (event) => packr.pack(withoutTail(fieldsOf(event, tenant))),
    decode(bytes, size = bytes.length) {
      const fields = packr.unpack(bytes, size) as Fields;
      if (fields[0] !== FORMAT_VERSION) {
        throw new LogFormatError(`entry has format version ${fields[0]}, expected ${FORMAT_VERSION}`);
      }
      if (fields[1] !== tenant) {
        throw new LogFormatError(`entry belongs to tenant "${fields[1]}", expected "${tenant}"`);
      }
      return eventOf(fields);
    },
  };
}

/** Version, tenant and number of the kind, then the values of that kind as the two functions below order them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the layout is positional: each kind knows its types
type Fields = any[];

function fieldsOf(event: Event, tenant: string): Fields {
  switch (event.kind) {
    case 'interaction':
      return [
        FORMAT_VERSION,
        tenant,
        0,
        event.userId,
        event.itemId,
        typeNumber(event),
        event.at,
        event.sessionId,
        contextFields(event.context),
        event.id,
        event.weight,
        event.recommendationId,
        event.rank,
      ];
    case 'item': {
      const { itemId, at, available, publishedAt } = event;
      return [FORMAT_VERSION, tenant, 1, itemId, at, attributesText(event.attributes), available, publishedAt];
    }
    case 'profile': {
      const { userId, at } = event;
      return [FORMAT_VERSION, tenant, 2, userId, at, contextFields(event.context), attributesText(event.attributes)];
    }
    case 'merge':
      return [FORMAT_VERSION, tenant, 3, event.fromUserId, event.intoUserId, event.at];
    case 'forget':
      return [FORMAT_VERSION, tenant, 4, event.userId, event.at];
    case 'import':
      return [FORMAT_VERSION, tenant, 5, event.fingerprint, event.rows, event.complete, event.at];
    default:
      throw new Error(`unknown kind of event: ${(event as Event).kind}, expected one of ${KINDS.join(', ')}`);
  }
}

function eventOf(fields: Fields): Event {
  switch (fields[2]) {
    case 0:
      return interactionOf(fields);
    case 1:
      return itemOf(fields);
    case 2:
      return profileOf(fields);
    case 3:
      return { kind: 'merge', fromUserId: fields[3], intoUserId: fields[4], at: fields[5] };
    case 4:
      return { kind: 'forget', userId: fields[3], at: fields[4] };
    case 5:
      return { kind: 'import', fingerprint: fields[3], rows: fields[4], complete: fields[5], at: fields[6] };
    default:
      throw new LogFormatError(`entry has kind number ${fields[2]}, expected 0 to ${KINDS.length - 1}`);
  }
}

/** What is being built. Absent fields, which are null within an entry and cut off at its end, are never assigned. */
type Draft<T> = { -readonly [K in keyof T]: T[K] };

function interactionOf(fields: Fields): InteractionEvent {
  const type = INTERACTION_TYPES[fields[5]];
  if (type === undefined) {
    throw new LogFormatError(`entry has type number ${fields[5]}, expected 0 to ${INTERACTION_TYPES.length - 1}`);
  }
  const event: Draft<InteractionEvent> = {
    kind: 'interaction',
    userId: fields[3],
    itemId: fields[4],
    type,
    at: fields[6],
  };
  if (fields[7] != null) event.sessionId = fields[7];
  if (fields[8] != null) event.context = contextOf(fields[8]);
  if (fields[9] != null) event.id = fields[9];
  if (fields[10] != null) event.weight = fields[10];
  if (fields[11] != null) event.recommendationId = fields[11];
  if (fields[12] != null) event.rank = fields[12];
  return event;
}

function itemOf(fields: Fields): ItemEvent {
  const event: Draft<ItemEvent> = { kind: 'item', itemId: fields[3], at: fields[4] };
  if (fields[5] != null) event.attributes = JSON.parse(fields[5]) as Attributes;
  if (fields[6] != null) event.available = fields[6];
  if (fields[7] != null) event.publishedAt = fields[7];
  return event;
}

function profileOf(fields: Fields): ProfileEvent {
  const event: Draft<ProfileEvent> = { kind: 'profile', userId: fields[3], at: fields[4] };
  if (fields[5] != null) event.context = contextOf(fields[5]);
  if (fields[6] != null) event.attributes = JSON.parse(fields[6]) as Attributes;
  return event;
}

function typeNumber({ type }: InteractionEvent): number {
  const number = TYPE_NUMBERS.get(type);
  if (number === undefined) {
    throw new Error(`unknown type of interaction: ${type}, expected one of ${INTERACTION_TYPES.join(', ')}`);
  }
  return number;
}

function contextFields(context: Context | undefined): Fields | undefined {
  if (context === undefined) return undefined;
  return withoutTail([context.device, context.os, context.country, context.region, context.referrer]);
}

function contextOf(fields: Fields): Context {
  const context: Draft<Context> = {};
  if (fields[0] != null) context.device = fields[0];
  if (fields[1] != null) context.os = fields[1];
  if (fields[2] != null) context.country = fields[2];
  if (fields[3] != null) context.region = fields[3];
  if (fields[4] != null) context.referrer = fields[4];
  return context;
}

function attributesText(attributes: Attributes | undefined): string | undefined {
  return attributes && JSON.stringify(attributes);
}

function withoutTail(fields: Fields): Fields {
  let length = fields.length;
  while (length > 0 && fields[length - 1] === undefined) length--;
  fields.length = length;
  return fields;
}
