import { describe, expect, it } from 'vitest';
import { accessStore } from '../../test/support/store-access.ts';
import { createPace } from './pace.ts';

describe('createPace', () => {
  it('lets as much through in a second as it is told', async () => {
    const { clock, slept } = accessStore();
    const pace = createPace(clock, 50);
    for (let chunk = 0; chunk < 9; chunk += 1) {
      await pace.wait(25);
    }
    expect(slept()).toBe(4_000);
  });

  it('does not catch up on time in which nothing was asked of it', async () => {
    const { clock, slept } = accessStore();
    const pace = createPace(clock, 10);
    await clock.sleep(60_000);
    await pace.wait(10);
    await pace.wait(10);
    expect(slept()).toBe(61_000);
  });

  it('waits for nothing without a limit', async () => {
    const { clock, slept } = accessStore();
    await createPace(clock, 0).wait(1_000_000);
    expect(slept()).toBe(0);
  });
});
