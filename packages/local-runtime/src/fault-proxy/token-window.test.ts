import { describe, expect, it } from 'vitest';
import { TOKEN_WINDOW_MS, TokenWindow } from './token-window.ts';

describe('TokenWindow', () => {
  it('shows the engine the same token until ten minutes after its first completion', () => {
    let now = 5_000;
    const tokens = new TokenWindow(() => now);
    expect(tokens.present('a')).toBe('a');
    now += 2 * TOKEN_WINDOW_MS;
    // Never completed: there is no window that could be over.
    expect(tokens.present('a')).toBe('a');
    tokens.complete('a');
    now += TOKEN_WINDOW_MS - 1;
    expect(tokens.present('a')).toBe('a');
    // A repeated answer does not begin the window anew.
    tokens.complete('a');
    now += 1;
    expect(tokens.present('a')).not.toBe('a');
  });

  it('gives one other token for each window that is over', () => {
    const tokens = new TokenWindow(() => 0);
    const seen = new Set<string>();
    for (let window = 0; window < 5; window += 1) {
      const shown = tokens.present('token');
      expect(tokens.present('token')).toBe(shown);
      expect(shown).toMatch(/^[A-Za-z0-9_-]{1,36}$/);
      seen.add(shown);
      tokens.complete('token');
      tokens.advance(TOKEN_WINDOW_MS);
    }
    expect(seen.size).toBe(5);
  });

  it('expires only tokens that were completed', () => {
    const tokens = new TokenWindow(() => 0);
    for (const token of ['done', 'open']) {
      tokens.present(token);
    }
    tokens.complete('done');
    expect(tokens.expireAll()).toBe(1);
    expect(tokens.present('done')).not.toBe('done');
    expect(tokens.present('open')).toBe('open');
  });
});
