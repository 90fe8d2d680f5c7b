import { createHash } from 'node:crypto';

/** Draws a whole number from 0 up to, but without, `limit`; the same label draws the same number. */
export type SeededDraw = (label: string, limit: number) => number;

/** So many bytes of a hash make a number that is exact in a double, and even enough for small limits. */
const BYTES = 6;

/**
 * Makes a source of numbers that depend on nothing but the seed and the label.
 *
 * What one cell draws does not depend on what another one drew before: so a cell can be run alone.
 */
export function createSeededDraw(seed: number, scope: string): SeededDraw {
  return (label, limit) =>
    createHash('sha256')
      .update(JSON.stringify([seed, scope, label]))
      .digest()
      .readUIntBE(0, BYTES) % limit;
}

/** Puts values into an order that depends on nothing but the draw and the label. */
export function shuffled<Value>(values: readonly Value[], draw: SeededDraw, label: string): Value[] {
  const left = [...values];
  const order: Value[] = [];
  while (left.length > 0) {
    order.push(...left.splice(draw(`${label}:${left.length}`, left.length), 1));
  }
  return order;
}
