/**
 * Goal: the simulator finds what would make `oncefold rebuild` tell or write wrong sums. Method: each defect is planted around the
 * command's client, or around the functions; seeds are run until one shows it. Only the last of these seeds are run here.
 */
import { describe, expect, it } from 'vitest';
import { simulatePipeline } from '../src/index.ts';
import { firstViolations } from './support/first-violations.ts';
import { violationsWith } from './support/planted-defect.ts';
import { recountDefects } from './support/recount-defects.ts';

/** Histories of the command as it is. */
const SEEDS = 100;

describe('simulatePipeline with a rebuild', () => {
  it.each(recountDefects)('finds $name within $seeds seeds', async (defect) => {
    const found = await violationsWith(defect, 'rebuild');
    expect(found).not.toEqual([]);
    expect(defect.kinds).toContain(found[0]?.kind);
  });

  it(`finds nothing in ${SEEDS} seeds of it as it is`, async () => {
    expect(await firstViolations(simulatePipeline('rebuild'), { from: 0, count: SEEDS })).toEqual([]);
  });
});
