import { describe, expect, it } from 'vitest';
import { freshCredentials } from './fresh-credentials.ts';

describe('freshCredentials', () => {
  it('makes letters and digits only, which is what DynamoDB Local takes', () => {
    expect(freshCredentials().accessKeyId).toMatch(/^[A-Z0-9]{32}$/);
    expect(freshCredentials().secretAccessKey).toMatch(/^[a-z0-9]{40}$/);
  });

  it('makes other ones each time', () => {
    const keys = Array.from({ length: 1_000 }, () => freshCredentials().accessKeyId);
    expect(new Set(keys).size).toBe(1_000);
  });
});
