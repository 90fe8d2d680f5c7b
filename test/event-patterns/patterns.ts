import type { Choices } from './choices.ts';
import { drawRule, type Rule } from './rules.ts';

/** A pattern as it is written: fields in their order, some of them twice. */
export interface PatternFields {
  readonly fields: readonly (readonly [name: string, PatternPart])[];
}

/** An object, the rules of a field, or the alternatives under `$or`. */
export type PatternPart =
  | PatternFields
  | { readonly rules: readonly Rule[] }
  | { readonly alternatives: readonly PatternFields[] };

/** Few, so that alternatives and events meet; some with dots, some that JavaScript would move to the front. */
const names = ['a', 'b', 'c', '1', 'a.b', 'b.c', 'é', '__proto__', 'constructor', 'b-c', 'B'] as const;

const LEVELS_MAX = 2;

/** An object with one to three fields. */
export function drawFields(choices: Choices, level = 0): PatternFields {
  const count = choices.below(400) === 399 ? 0 : choices.pick([1, 1, 2, 2, 3]);
  return { fields: Array.from({ length: count }, () => drawField(choices, level)) };
}

function drawField(choices: Choices, level: number): readonly [string, PatternPart] {
  if (choices.chance(15) && level < LEVELS_MAX) {
    const count = choices.chance(3) ? 1 : 2 + choices.below(2);
    return ['$or', { alternatives: Array.from({ length: count }, () => drawFields(choices, level + 1)) }];
  }
  const name = choices.chance(1) ? choices.pick(['prefix', '<=', 'regex']) : choices.pick(names);
  if (choices.chance(45) && level < LEVELS_MAX) {
    return [name, drawFields(choices, level + 1)];
  }
  const count = choices.below(400) === 399 ? 0 : choices.pick([1, 1, 1, 2, 3]);
  return [name, { rules: Array.from({ length: count }, () => drawRule(choices)) }];
}

/** The pattern as JSON; some keys are escaped, and some parts are set apart. */
export function patternText(part: PatternPart, choices: Choices): string {
  if ('rules' in part) {
    return `[${part.rules.map(({ text }) => text).join()}]`;
  }
  if ('alternatives' in part) {
    return `[${part.alternatives.map((alternative) => patternText(alternative, choices)).join()}]`;
  }
  const space = choices.pick(['', '', ' ', '\n']);
  const fields = part.fields.map(
    ([name, inner]) => `${keyText(name, choices)}${space}:${space}${patternText(inner, choices)}`,
  );
  return `{${fields.join(`,${space}`)}}`;
}

function keyText(name: string, choices: Choices): string {
  if (!choices.chance(3)) {
    return JSON.stringify(name);
  }
  const code = name.charCodeAt(0).toString(16).padStart(4, '0');
  return `"\\u${code}${name.slice(1)}"`;
}
