import { type Html, html } from './html.ts';

/** How large a drawing is, in pixels. */
export interface Scale {
  readonly laneWidth: number;
  readonly rowHeight: number;
}

/** For screens that have room, and for those of a phone. */
export const WIDE: Scale = { laneWidth: 22, rowHeight: 40 };
export const NARROW: Scale = { laneWidth: 13, rowHeight: 62 };

/** A point of the drawing: lanes from the left, steps from the top; the middle of the first step is at 0.5. */
export interface Point {
  readonly lane: number;
  readonly y: number;
}

interface Rows {
  readonly firstRow: number;
  readonly lastRow: number;
}

/** Something that is drawn. `class` says what it is; the style sheet says how it looks. */
export type Shape = Rows &
  (
    | { readonly kind: 'line' | 'bar'; readonly class: string; readonly from: Point; readonly to: Point }
    | {
        readonly kind: 'arrow';
        readonly class: string;
        readonly from: Point;
        readonly to: Point;
        /** The arrow ends in the void, so far on its way. */
        readonly lostAt?: number;
      }
    | { readonly kind: 'mark'; readonly class: string; readonly at: Point; readonly mark: Mark }
  );

/** What a mark looks like; forms differ, so that colour says nothing alone. */
export type Mark = 'dot' | 'square' | 'ring' | 'cross' | 'question' | 'fault' | 'tick';

/** Where events are drawn. */
export interface Grid {
  /** The row of an event; of one that is not shown, the next row. */
  rowOf(event: number): number;
  isShown(event: number): boolean;
  readonly rows: number;
}

/** Half of the width of a mark. */
const SIZE = 5;

/** The part of a shape that falls into a row. */
export function slice(shape: Shape, row: number, scale: Scale): Html {
  const pixels = ({ lane, y }: Point): Pixels => ({
    x: round((lane + 0.5) * scale.laneWidth),
    y: round((y - row) * scale.rowHeight),
  });
  switch (shape.kind) {
    case 'line': {
      const [from, to] = [pixels(shape.from), pixels(shape.to)];
      return lineOf(shape.class, from, to);
    }
    case 'bar': {
      const [from, to] = [pixels(shape.from), pixels(shape.to)];
      return html`<rect class="${shape.class}" x="${from.x - 4}" y="${round(from.y - 4)}" width="8" height="${round(to.y - from.y + 8)}" rx="4"/>`;
    }
    case 'arrow':
      return arrowOf(shape, pixels(shape.from), pixels(shape.to));
    case 'mark':
      return markOf(shape.mark, shape.class, pixels(shape.at));
  }
}

/** An arrow between the middles of two rows. */
export function arrow(name: string, from: Point, to: Point, lostAt?: number): Shape {
  return {
    kind: 'arrow',
    class: name,
    from,
    to,
    ...(lostAt !== undefined && { lostAt }),
    firstRow: Math.floor(Math.min(from.y, to.y)),
    lastRow: Math.floor(Math.max(from.y, to.y)),
  };
}

/** A mark in the middle of a row. */
export function mark(sign: Mark, name: string, lane: number, row: number): Shape {
  return { kind: 'mark', mark: sign, class: name, at: { lane, y: row + 0.5 }, firstRow: row, lastRow: row };
}

interface Pixels {
  readonly x: number;
  readonly y: number;
}

function arrowOf(shape: Extract<Shape, { kind: 'arrow' }>, from: Pixels, target: Pixels): Html {
  const share = shape.lostAt ?? 1;
  const end = { x: from.x + (target.x - from.x) * share, y: from.y + (target.y - from.y) * share };
  const length = Math.hypot(end.x - from.x, end.y - from.y) || 1;
  const [dx, dy] = [(end.x - from.x) / length, (end.y - from.y) / length];
  // The head ends at the edge of what is drawn in the lane.
  const tip = { x: end.x - dx * SIZE, y: end.y - dy * SIZE };
  if (shape.lostAt !== undefined) {
    return html`${lineOf(shape.class, from, end)}${markOf('cross', `${shape.class} head`, end)}`;
  }
  const back = { x: tip.x - dx * 7, y: tip.y - dy * 7 };
  const points = [
    [tip.x, tip.y],
    [back.x - dy * 3.5, back.y + dx * 3.5],
    [back.x + dy * 3.5, back.y - dx * 3.5],
  ].map(([x = 0, y = 0]) => `${round(x)},${round(y)}`);
  return html`${lineOf(shape.class, from, back)}<polygon class="${shape.class} head" points="${points.join(' ')}"/>`;
}

function lineOf(name: string, from: Pixels, to: Pixels): Html {
  return html`<line class="${name}" x1="${round(from.x)}" y1="${round(from.y)}" x2="${round(to.x)}" y2="${round(to.y)}"/>`;
}

function markOf(sign: Mark, name: string, { x, y }: Pixels): Html {
  switch (sign) {
    case 'dot':
      return html`<circle class="${name}" cx="${round(x)}" cy="${round(y)}" r="${SIZE}"/>`;
    case 'tick':
      return html`<circle class="${name}" cx="${round(x)}" cy="${round(y)}" r="3"/>`;
    case 'ring':
      return html`<circle class="${name} hollow" cx="${round(x)}" cy="${round(y)}" r="${SIZE}"/>`;
    case 'square':
      return html`<rect class="${name}" x="${round(x - SIZE)}" y="${round(y - SIZE)}" width="${2 * SIZE}" height="${2 * SIZE}" rx="1"/>`;
    case 'cross':
      return html`<path class="${name} stroke" d="M${round(x - SIZE)} ${round(y - SIZE)}l${2 * SIZE} ${2 * SIZE}m0 ${-2 * SIZE}l${-2 * SIZE} ${2 * SIZE}"/>`;
    case 'question':
      return html`<circle class="${name} hollow" cx="${round(x)}" cy="${round(y)}" r="7"/><path class="${name} stroke" d="M${round(x - 2.2)} ${round(y - 1.6)}q0 -2.6 2.3 -2.6t2.3 2.3q0 1.3 -2.3 2.6v0.8m0 1.6v0.6"/>`;
    case 'fault':
      return html`<polygon class="${name}" points="${round(x)},${round(y - 7)} ${round(x + 7)},${round(y + 5)} ${round(x - 7)},${round(y + 5)}"/>`;
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
