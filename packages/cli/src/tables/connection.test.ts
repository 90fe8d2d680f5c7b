import { describe, expect, it } from 'vitest';
import { isLoopback } from './connection.ts';

describe('isLoopback', () => {
  it.each([
    ['http://127.0.0.1:8000', true],
    ['http://localhost:4566', true],
    ['http://[::1]:8000', true],
    ['http://127.0.0.1.example.com', false],
    ['https://vpce-1.dynamodb.eu-west-1.vpce.amazonaws.com', false],
    ['http://10.0.0.7:8000', false],
    [undefined, false],
  ])('%s: %s', (endpoint, expected) => {
    expect(isLoopback(endpoint)).toBe(expected);
  });
});
