import { ABSENT } from './absent.ts';
import { Unknown } from './unknown.ts';

/** Leaves out of a computed value what only AWS could compute, and reports each. */
export function withoutUnknown(
  value: unknown,
  owner: string,
  report: (owner: string, what: string) => void,
): unknown {
  if (value instanceof Unknown) {
    report(owner, value.what);
    return ABSENT;
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const inner = (key: string | number, part: unknown) => withoutUnknown(part, `${owner}.${key}`, report);
  return Array.isArray(value)
    ? value.map((part, index) => inner(index, part)).filter((part) => part !== ABSENT)
    : Object.fromEntries(
        Object.entries(value)
          .map(([key, part]) => [key, inner(key, part)] as const)
          .filter(([, part]) => part !== ABSENT),
      );
}
