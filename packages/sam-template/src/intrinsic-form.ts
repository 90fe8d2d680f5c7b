/** The function's name and what it is given, where a value is one: `{ Ref: … }` is a value, not a map. */
export function asIntrinsic(value: unknown): readonly [string, unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined;
  }
  const [entry, ...others] = Object.entries(value);
  return entry !== undefined && others.length === 0 && (entry[0] === 'Ref' || entry[0].startsWith('Fn::'))
    ? entry
    : undefined;
}
