/** The systems that plots compare, each with a colour and a shape of its own, so that neither is needed alone. */
import { type Markup, markup } from './markup.js';
import { px } from './figure.js';

export interface Series {
  readonly name: string;
  /** Class of the style sheet that gives the colour. */
  readonly style: string;
  readonly shape: Shape;
}
type Shape = 'circle' | 'square' | 'diamond' | 'triangle' | 'cross';

const SERIES: readonly Series[] = [
  { name: 'ensemble', style: 's1', shape: 'circle' },
  { name: 'livePopularity', style: 's2', shape: 'square' },
  { name: 'popularity', style: 's3', shape: 'triangle' },
  { name: 'itemNeighbours', style: 's4', shape: 'diamond' },
  { name: 'oracle', style: 's5', shape: 'cross' },
];
const LEGEND_STEP = 150;

/** Those of the systems that plots show, in the order in which they show them. */
export function seriesOf(systems: Readonly<Record<string, unknown>>): readonly Series[] {
  return SERIES.filter(({ name }) => Object.hasOwn(systems, name));
}

/** The mark of one value; hollow where little stands behind it. */
export function mark({ shape, style }: Series, x: number, y: number, hollow = false): Markup {
  return markup`<path class="${style} mark${hollow ? ' hollow' : ''}" d="${pathOf(shape, px(x), px(y))}"/>`;
}

export function legend(series: readonly Series[], x: number, y: number): Markup[] {
  return series.map((one, at) => {
    const left = x + at * LEGEND_STEP;
    return markup`${mark(one, left, y)}<text x="${left + 10}" y="${y + 4}">${one.name}</text>\n`;
  });
}

function pathOf(shape: Shape, x: number, y: number): string {
  switch (shape) {
    case 'circle':
      return `M${x - 4},${y}a4,4 0 1,0 8,0a4,4 0 1,0 -8,0z`;
    case 'square':
      return `M${x - 3.5},${y - 3.5}h7v7h-7z`;
    case 'diamond':
      return `M${x},${y - 5}l5,5l-5,5l-5,-5z`;
    case 'triangle':
      return `M${x},${y - 5}l5,8.5h-10z`;
    case 'cross':
      return `M${x - 4},${y - 4}l8,8m0,-8l-8,8`;
  }
}
