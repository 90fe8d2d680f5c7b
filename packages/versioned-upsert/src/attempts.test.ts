import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createVirtualClock } from '../test/support/virtual-clock.ts';
import { startAttempts, systemRequestClock } from './attempts.ts';

describe('startAttempts', () => {
  it('waits longer each time, up to a limit, and never past the end of the phase', async () => {
    const clock = createVirtualClock();
    const attempts = startAttempts(clock, 10_000);
    let tries = 1;
    while (await attempts.again()) {
      tries += 1;
    }
    expect(clock.waits).toEqual([37.5, 75, 150, 300, 600, 1200, 1500, 1500, 1500, 1500, 1500]);
    expect(tries).toBe(12);
    expect(clock.now()).toBeLessThan(10_000);
  });

  it('ends after a bounded number of tries, however much time there is', async () => {
    const clock = createVirtualClock();
    const attempts = startAttempts(clock, Number.MAX_SAFE_INTEGER);
    let tries = 1;
    while (await attempts.again()) {
      tries += 1;
    }
    expect(tries).toBe(16);
  });

  it('aborts requests at the end of the phase, however late in it the first one is sent', async () => {
    const timeout = vi.spyOn(AbortSignal, 'timeout');
    onTestFinished(() => timeout.mockRestore());
    const clock = createVirtualClock();
    const attempts = startAttempts(clock, 1_000);
    await clock.sleep(399.5);
    expect(timeout).not.toHaveBeenCalled();
    expect(attempts.signal.aborted).toBe(false);
    expect(attempts.signal).toBe(attempts.signal);
    expect(timeout.mock.calls).toEqual([[601]]);
  });

  it('has aborted when the time is over', async () => {
    const { signal } = startAttempts(systemRequestClock, 1);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    expect(signal.aborted).toBe(true);
  });

  it('aborts at once where no time is left', async () => {
    const attempts = startAttempts(createVirtualClock(), -5);
    expect(attempts.signal.aborted).toBe(true);
    expect(await attempts.again()).toBe(false);
  });
});
