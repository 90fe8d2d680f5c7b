/** Names what came in place of the right type, for messages, which never hold values: `a number`, `null`. */
export function nameType(value: unknown): string {
  if (value === null || value === undefined) {
    return String(value);
  }
  const type = typeof value;
  return type === 'object' ? 'an object' : `a ${type}`;
}
