/**
 * Stands in for `node:crypto` in a browser. Only `createStrategy` asks for names that nobody can guess, and the playground makes
 * its strategies itself, with names of the simulation: a history with a random name in it would not be the same one twice.
 */
export function randomUUID(): string {
  throw new Error('a simulated history has no random names');
}
