/**
 * Goal: the simulator finds what would make `oncefold redrive` lose or double records. Method: each defect is planted around the
 * function's guard, the command's bucket or its invocations; seeds are run until one shows it. Only the last of these seeds are run here.
 */
import { describe, expect, it } from 'vitest';
import { simulatePipeline } from '../src/index.ts';
import { firstViolations } from './support/first-violations.ts';
import { violationsWith } from './support/planted-defect.ts';
import { redriveDefects } from './support/redrive-defects.ts';

/** Histories of the command as it is. */
const SEEDS = 150;

describe('simulatePipeline with redrives', () => {
  it.each(redriveDefects)('finds $name within $seeds seeds', async (defect) => {
    const found = await violationsWith(defect, 'redrive');
    expect(found).not.toEqual([]);
    expect(defect.kinds).toContain(found[0]?.kind);
  });

  it(`finds nothing in ${SEEDS} seeds of it as it is`, async () => {
    expect(await firstViolations(simulatePipeline('redrive'), { from: 0, count: SEEDS })).toEqual([]);
  });
});
