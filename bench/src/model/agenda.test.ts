import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAgenda } from './agenda.ts';

describe('createAgenda', () => {
  it('lets everything happen in the order of its times, and of its planning', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
        const agenda = createAgenda();
        const happened: [number, number][] = [];
        for (const [index, atMs] of times.entries()) {
          agenda.plan(atMs, () => happened.push([agenda.nowMs, index]));
        }
        agenda.runUntil(20);
        const planned = times.map((atMs, index): [number, number] => [atMs, index]);
        expect(happened).toEqual(planned.toSorted(([a, i], [b, j]) => a - b || i - j));
      }),
    );
  });

  it('never goes back: what is planned for the past happens now', () => {
    const agenda = createAgenda();
    const happened: number[] = [];
    agenda.plan(10, () => agenda.plan(3, () => happened.push(agenda.nowMs)));
    agenda.runUntil(100);
    expect(happened).toEqual([10]);
    expect(agenda.nowMs).toBe(100);
  });

  it('leaves what is planned for later', () => {
    const agenda = createAgenda();
    const happened: string[] = [];
    agenda.plan(5, () => happened.push('now'));
    agenda.plan(6, () => happened.push('later'));
    agenda.runUntil(5);
    expect(happened).toEqual(['now']);
    agenda.runUntil(6);
    expect(happened).toEqual(['now', 'later']);
  });
});
