/** A plot on the page: drawing, caption, and the same figures as a table for those who can't or don't want to see it. */
import { type Markup, markup, type Part } from './markup.js';

export interface Table {
  readonly head: readonly string[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly string[])[];
}

export interface Drawing {
  /** Unique on the page. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** What it shows, and in a sentence what it says: the text alternative. */
  readonly title: string;
  readonly description: string;
  readonly body: Part;
}

export function figure(drawing: Drawing, caption: Part, table: Table): Markup {
  return markup`<figure>
<figcaption>${caption}</figcaption>
<div class="wide">${svg(drawing)}</div>
<details><summary>The same as a table</summary>${dataTable(drawing.title, table)}</details>
</figure>
`;
}

function svg({ id, width, height, title, description, body }: Drawing): Markup {
  return markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-title ${id}-about">
<title id="${id}-title">${title}</title><desc id="${id}-about">${description}</desc>
${body}</svg>`;
}

export function dataTable(caption: string, { head, rows }: Table): Markup {
  const headRow = head.map((name) => markup`<th scope="col">${name}</th>`);
  const row = ([name, ...cells]: readonly string[]): Markup =>
    markup`<tr><th scope="row">${name ?? ''}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`;
  return markup`<div class="wide"><table><caption>${caption}</caption>
<thead><tr>${headRow}</tr></thead>
<tbody>
${rows.map(row)}</tbody></table></div>`;
}

/** A coordinate, to a tenth of a pixel. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}
