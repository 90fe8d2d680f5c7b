import { formatCounted } from '@oncefold/comparison/format-number';
import type { Palette } from '../terminal/palette.ts';

/** Says that the command has other dimensions for items that record none than the map function may have. */
export function unrecognizedLines(count: number, palette: Palette): readonly string[] {
  return count === 0
    ? []
    : [
        palette.warning(
          `${formatCounted(count, 'item')} of the state table may be ${count === 1 ? 'a trade' : 'trades'}: ${count === 1 ? 'it records' : 'they record'} no dimensions, and the command has ` +
            'others for such items (--stack, or --unrecorded-hierarchy-dimensions). The map function decides, and the sums are compared with what it counts',
        ),
      ];
}
