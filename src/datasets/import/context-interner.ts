/**
 * Contexts of rows, made once for each combination of cells: a site has few of them. A trie with one level a dimension,
 * so that a known combination costs a lookup for each and builds no key.
 */
import { CONTEXT_DIMENSIONS, type Context, type ContextDimension } from '../../events/event.js';
import { contextValue } from './checks.js';
import { Refusal } from './rejection.js';
import { type Cell, type RowCursor } from './row-cursor.js';

type Level = Map<Cell, Level | Known>;
/** An absent context is known too. */
interface Known {
  readonly context: Context | undefined;
}

/** Forgets them all beyond this many: a file with a value of its own in every row must not fill the memory. */
const MAX_CONTEXTS = 50_000;

export class ContextInterner {
  readonly columns: readonly string[];
  private readonly dimensions: readonly ContextDimension[];
  private root: Level = new Map();
  private size = 0;

  /** `valueOf` makes the value of a cell; by default it checks and trims, as for texts from outside. */
  constructor(
    mapped: { readonly [field: string]: string },
    private readonly valueOf: typeof contextValue = contextValue,
  ) {
    this.dimensions = CONTEXT_DIMENSIONS.filter((dimension) => mapped[dimension] !== undefined);
    this.columns = this.dimensions.map((dimension) => mapped[dimension]!);
  }

  /** The context in the cells from `first` on, which stand in the order of `columns`. */
  read(cursor: RowCursor, first: number): Context | undefined | Refusal {
    const last = this.columns.length - 1;
    if (last < 0) return undefined;
    let level = this.root;
    for (let k = 0; k < last; k++) {
      const cell = cursor.cell(first + k);
      let next = level.get(cell) as Level | undefined;
      if (next === undefined) level.set(cell, (next = new Map()));
      level = next;
    }
    const cell = cursor.cell(first + last);
    const known = level.get(cell) as Known | undefined;
    if (known !== undefined) return known.context;
    const context = this.make(cursor, first);
    if (!(context instanceof Refusal)) this.keep(level, cell, context);
    return context;
  }

  private make(cursor: RowCursor, first: number): Context | undefined | Refusal {
    const context: { [dimension in ContextDimension]?: string } = {};
    for (let k = 0; k < this.columns.length; k++) {
      const value = this.valueOf(cursor.cell(first + k), this.columns[k]!);
      if (value instanceof Refusal) return value;
      if (value !== undefined) context[this.dimensions[k]!] = value;
    }
    return Object.keys(context).length === 0 ? undefined : context;
  }

  private keep(level: Level, cell: Cell, context: Context | undefined): void {
    level.set(cell, { context });
    if (++this.size < MAX_CONTEXTS) return;
    this.root = new Map();
    this.size = 0;
  }
}
