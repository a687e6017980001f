/** Makes the event of a row: one reader for each kind of import. */
import { type DeclaredType } from '../../events/attribute-rules.js';
import { type Event } from '../../events/event.js';
import { type Position } from '../../events/log.js';
import { ArchiveReader } from './archive-reader.js';
import { type ImportSource } from './import-source.js';
import { InteractionReader } from './interaction-reader.js';
import { ItemReader } from './item-reader.js';
import { type EffectiveMapping, type ImportKind } from './mapping.js';
import { ProfileReader } from './profile-reader.js';
import { type Refusal } from './rejection.js';
import { type RowCursor } from './row-cursor.js';
import { type RowShape } from './row-layout.js';

export interface RowReader {
  /** What the cursor must hold for it. */
  readonly shape: RowShape;
  read(cursor: RowCursor): Event | Refusal;
  /** Position of the row's event in the log that it comes from; only of formats that hold it. */
  position?(cursor: RowCursor): Position;
}

export interface RowReaderOptions {
  /** Wall clock in milliseconds. */
  readonly now: number;
  /** Types of item attributes that stand in the log. */
  readonly declaredType: DeclaredType;
}

type Reader = new (mapping: EffectiveMapping, now: number, declaredType: DeclaredType) => RowReader;

const READERS: { readonly [kind in ImportKind]: Reader } = {
  interactions: InteractionReader,
  items: ItemReader,
  profiles: ProfileReader,
};

export function rowReader({ format, kind, mapping }: ImportSource, { now, declaredType }: RowReaderOptions): RowReader {
  return format === 'archive' ? new ArchiveReader(mapping, now) : new READERS[kind](mapping, now, declaredType);
}
