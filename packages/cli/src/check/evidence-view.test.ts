import { describe, expect, it } from 'vitest';
import { createPalette } from '../terminal/palette.ts';
import { evidenceView } from './evidence-view.ts';

describe('evidenceView', () => {
  it('calls a row lost only by the age of its changes, since map may have written it late', () => {
    const lines = evidenceView(
      {
        unapplied: { code: 'found', inFlight: 1, lost: 1, first: ['old', 'new'] },
        quarantined: undefined,
        candidates: [],
      },
      createPalette(false),
    );
    expect(lines).toEqual([
      '1 row of sums is not applied, and the changes in it are older than 25 hours: lost by the stream, unless map has written it late',
      '1 row of sums is not applied yet',
      '  old',
      '  new',
    ]);
  });
});
