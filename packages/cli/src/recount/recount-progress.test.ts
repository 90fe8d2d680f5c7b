import { describe, expect, it } from 'vitest';
import { createProgressText } from './recount-progress.ts';

describe('createProgressText', () => {
  it('says how many marks are written in a second, and how long the pass will take', () => {
    let nowMs = 0;
    const text = createProgressText({ items: 10_000, now: () => nowMs });
    expect(text({ phase: 'marking', pass: 1, items: 0, marked: 0 })).toBe(
      'marking, pass 1: 0 of 10,000 items read, 0 marked',
    );
    nowMs = 5_000;
    expect(text({ phase: 'marking', pass: 1, items: 2_500, marked: 2_000 })).toBe(
      'marking, pass 1: 2,500 of 10,000 items read, 2,000 marked, 400 marks a second, 15 s left in this pass',
    );
  });

  it('names the recount, and one of another run that it ends', () => {
    const text = createProgressText({ items: 0, now: () => 0 });
    expect(text({ phase: 'started', number: 7, superseded: undefined })).toBe('recount 7 has begun');
    expect(text({ phase: 'started', number: 7, superseded: 6 })).toContain('recount 6');
  });

  it('says how long it waits before it repairs', () => {
    const text = createProgressText({ items: 0, now: () => 0 });
    expect(text({ phase: 'settling', leftMs: 25 * 60_000 })).toMatch(/^waiting 25 min /);
  });
});
