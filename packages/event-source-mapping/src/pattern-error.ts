/** What is wrong with a pattern, and where in it. */
export class PatternError extends Error {
  override readonly name = 'PatternError';

  /**
   * @param path - names of fields and operators, indexes of lists; empty for the whole pattern
   * @param reason - completes a sentence that begins with the pattern
   */
  constructor(path: readonly (string | number)[], reason: string) {
    super(path.length === 0 ? reason : `${reason}, at ${path.reduce<string>(joined, '')}`);
  }
}

function joined(path: string, step: string | number): string {
  if (typeof step === 'number') {
    return `${path}[${step}]`;
  }
  return path === '' ? step : `${path}.${step}`;
}
