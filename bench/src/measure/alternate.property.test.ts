import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alternate } from './alternate.ts';

describe('alternate', () => {
  it('does each once a round, never two at once, and each first in as many rounds as the other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 20 }), async (rounds) => {
        const log: string[] = [];
        let underWay = 0;
        const work = (name: string) => async (round: number) => {
          underWay += 1;
          await Promise.resolve();
          expect(underWay).toBe(1);
          underWay -= 1;
          log.push(name);
          return `${name} ${round}`;
        };
        const done = await alternate(rounds, { subject: work('subject'), reference: work('reference') });
        expect(done).toEqual(
          Array.from({ length: rounds }, (_none, round) => ({
            subject: `subject ${round}`,
            reference: `reference ${round}`,
          })),
        );
        const firsts = log.filter((_name, index) => index % 2 === 0);
        const seconds = log.filter((_name, index) => index % 2 === 1);
        expect(seconds.every((name, round) => name !== firsts[round])).toBe(true);
        expect(firsts.filter((name) => name === 'subject')).toHaveLength(Math.ceil(rounds / 2));
      }),
    );
  });

  it('ends with the first that fails', async () => {
    const failing = () => Promise.reject(new Error('is broken'));
    const rounds: number[] = [];
    const reference = async (round: number) => rounds.push(round);
    await expect(alternate(3, { subject: failing, reference })).rejects.toThrow('is broken');
    expect(rounds).toEqual([]);
  });
});
