import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reasonOf } from './refusal-reason.ts';

describe('reasonOf', () => {
  it.each([
    ['Cannot do operations on a non-existent table', 'Cannot do operations on a non-existent table'],
    [
      'One or more parameter values were invalid: Type mismatch for key',
      'One or more parameter values were invalid: Type mismatch for key',
    ],
    [
      "1 validation error detected: Value 'SECRET's' at 'transactItems.1.member' failed to satisfy constraint: Member must have length less than or equal to 36",
      "1 validation error detected: Value … at 'transactItems.1.member' failed to satisfy constraint: Member must have length less than or equal to 36",
    ],
    ["Value SECRET at 'clientRequestToken' failed", "Value … at 'clientRequestToken' failed"],
    [
      'The parameter cannot be converted to a numeric value: SE\nCRET',
      'The parameter cannot be converted to a numeric value: …',
    ],
    ['Input collection [SECRET, SEC]RET] contains duplicates', 'Input collection […] contains duplicates'],
    ['Syntax error; token: "SECRET", near: "SECRET x"', 'Syntax error; token: "…"'],
    ['unused in expressions: keys: {:SECRET}', 'unused in expressions: keys: {…}'],
  ])('takes from %j what quotes nothing of the request', (message, reason) => {
    expect(reasonOf(message)).toBe(`: ${reason}`);
  });

  it('says nothing where there is nothing, and no more than 200 characters', () => {
    expect(reasonOf(undefined)).toBe('');
    expect(reasonOf('')).toBe('');
    expect(reasonOf('x'.repeat(200))).toBe(`: ${'x'.repeat(200)}`);
    expect(reasonOf('x'.repeat(201))).toBe(`: ${'x'.repeat(200)}…`);
  });

  it('never says a value where DynamoDB quotes one, whatever the value is', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const secret = `<secret>${value}<secret>`;
        for (const message of [
          `Value '${secret}' at 'transactItems' failed`,
          `cannot be converted to a numeric value: ${secret}`,
          `Input collection [${secret}] contains duplicates`,
          `token: "${secret}"`,
        ]) {
          expect(reasonOf(message)).not.toContain('<secret>');
        }
      }),
    );
  });
});
