import { describe, expect, it } from 'vitest';
import { takesColour } from './palette.ts';

describe('takesColour', () => {
  it('is for terminals only, and only where nobody objects', () => {
    const terminal = { isTTY: true };
    expect(takesColour(terminal, { TERM: 'xterm' })).toBe(true);
    expect(takesColour(terminal, { TERM: 'xterm', NO_COLOR: '' })).toBe(true);
    expect(takesColour(terminal, { TERM: 'xterm', NO_COLOR: '1' })).toBe(false);
    expect(takesColour(terminal, { TERM: 'dumb' })).toBe(false);
    expect(takesColour({}, { TERM: 'xterm' })).toBe(false);
  });
});
