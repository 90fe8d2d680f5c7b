/**
 * Gives the parsers of what anybody may have written bytes that an attacker might send, and looks at every answer.
 *
 *     npm run --silent fuzz                                  20,000 inputs for each, of a seed that is drawn and printed
 *     npm run --silent fuzz -- --runs 5000000                for an hour and more
 *     npm run --silent fuzz -- --target parseTrade --seed 7  one, again
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { type Target, targets } from './targets.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    target: { type: 'string' },
  },
});
const chosen = Object.entries(targets).filter(
  ([name]) => values.target === undefined || values.target === name,
);
if (chosen.length === 0) {
  throw new Error(`There are the targets ${Object.keys(targets).join(', ')}.`);
}

let hasFailed = false;
for (const [name, { bytes, accepts }] of chosen) {
  hasFailed = !fuzz(name, { bytes, accepts }) || hasFailed;
}
process.exitCode = hasFailed ? 1 : 0;

function fuzz(name: string, { bytes, accepts }: Target): boolean {
  let accepted = 0;
  let refused = 0;
  const property = fc.property(bytes, (input) => {
    if (accepts(input)) {
      accepted += 1;
    } else {
      refused += 1;
    }
  });
  const result = fc.check(property, { numRuns: Number(values.runs), seed: Number(values.seed) });
  if (result.failed) {
    const [input = new Uint8Array()] = result.counterexample ?? [];
    console.error(`${name}: fails with --target ${name} --seed ${values.seed} --runs ${values.runs}`);
    console.error(`  base64 ${Buffer.from(input).toString('base64')}`, result.errorInstance);
    return false;
  }
  console.log(`${name}: ${accepted} accepted, ${refused} refused, seed ${values.seed}`);
  // A run that saw only one of the two has looked at nothing.
  return accepted > 0 && refused > 0;
}
