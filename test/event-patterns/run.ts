/**
 * Compares the filters of a mapping with event-ruler, Amazon's implementation, over generated patterns and events.
 *
 *     npm run --silent patterns                          100,000 pairs of a seed that is drawn and printed
 *     npm run --silent patterns -- --pairs 1000000       for a few minutes
 *     npm run --silent patterns -- --seed 7              one run, again
 *
 * Both must refuse the same patterns, but for those of stricter.ts, and match the same events. Where they do not, the smallest case
 * is shown. Not drawn, because nobody knows what Lambda does or because it depends on the Java that runs event-ruler: a key twice in
 * one object of an event, names that are empty or begin or end with a dot, halves of surrogate pairs, numbers of 16 and 17 digits
 * of which Java before 19 writes one more than is needed, and numbers below 2.3e-308. What stands behind a pattern, event-ruler
 * does not read; a mapping refuses it.
 */
import { isDeepStrictEqual, parseArgs } from 'node:util';
import fc from 'fast-check';
import { Choices } from './choices.ts';
import { type EventRuler, type Question, startEventRuler } from './event-ruler.ts';
import { drawEvent } from './events.ts';
import { mappingVerdict, type Verdict } from './mapping-verdict.ts';
import { drawFields, patternText } from './patterns.ts';
import { stricterThanEventRuler } from './stricter.ts';

/** Patterns that are compared at once, at most, and events for each. */
const PATTERNS_MAX = 40;
const EVENTS = 5;

/** Pairs that are compared at once on average: half as many patterns, of which a fifth is refused. */
const PAIRS = 75;

/** Decisions for a pattern and its events; what needs more is simple from there on. */
const CHOICES_MAX = 250;

/**
 * Faults of event-ruler 2.1.0: beside a range of numbers, or an IP address, it loses other rules of a list, and of values under one name, of which some
 * are in an array and others under a key with a dot, it sees only the former. With one rule at a time, and as before version 2, it
 * does not.
 */
const faultyPattern = /"numeric":\["[<>]|"[\da-fA-F.:]*[.:][\da-fA-F.:]*"(?!\s*:)/;
const faultyEvent = /"[^"]*\.[^"]*":/;

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});

interface Case {
  readonly question: Question;
  readonly expected: Verdict;
  readonly actual: Verdict;
}

const seen = {
  pairs: 0,
  matches: 0,
  refused: 0,
  faults: 0,
  /** How many patterns only the mapping refused, for each of the known reasons. */
  stricter: new Map<string, number>(),
};

const ruler = await startEventRuler();
if ('missing' in ruler) {
  console.log(`Skipped: filters are not compared with event-ruler. ${ruler.missing}`);
} else {
  try {
    process.exitCode = (await compareAll(ruler)) ? 0 : 1;
  } finally {
    await ruler.stop();
  }
}

async function compareAll(oracle: EventRuler): Promise<boolean> {
  const numbers = fc.array(fc.nat(0xffff), { maxLength: CHOICES_MAX, size: 'max' });
  const patterns = fc.array(numbers, { minLength: 1, maxLength: PATTERNS_MAX, size: 'max' });
  const property = fc.asyncProperty(patterns, async (drawn) => {
    for (const compared of await compare(oracle, drawn)) {
      if (!agree(compared) && !(await isFaultOfEventRuler(oracle, compared))) {
        throw new Error(difference(compared));
      }
    }
  });
  const { seed } = values;
  const numRuns = Math.ceil(Number(values.pairs) / PAIRS);
  const result = await fc.check(property, { numRuns, seed: Number(seed) });
  if (result.failed) {
    console.error(`The mapping and event-ruler differ with --seed ${seed} --pairs ${values.pairs}:`);
    console.error(
      result.errorInstance instanceof Error ? result.errorInstance.message : result.errorInstance,
    );
    return false;
  }
  report(seed);
  // A run that saw only one of the answers has compared nothing.
  return seen.matches > 0 && seen.matches < seen.pairs && seen.refused > 0;
}

/** Both verdicts of all patterns; event-ruler finds its own while the mapping does. */
async function compare(oracle: EventRuler, drawn: readonly number[][]): Promise<Case[]> {
  const cases = drawn.map((numbers) => drawCase(new Choices(numbers)));
  const questions = cases.map(({ pattern, data }) => ({
    pattern,
    events: data.map((text) => `{"data":${text}}`),
    isApart: false,
  }));
  const answers = oracle.verdicts(questions);
  const verdicts = cases.map(({ pattern, data }) => mappingVerdict(pattern, data));
  return (await answers).flatMap((expected, index) => {
    const [question, actual] = [questions[index], verdicts[index]];
    return question && actual ? [{ question, expected, actual }] : [];
  });
}

function drawCase(choices: Choices): { readonly pattern: string; readonly data: readonly string[] } {
  const fields = drawFields(choices);
  const pattern = `{"data":${patternText(fields, choices)}}`;
  return { pattern, data: Array.from({ length: EVENTS }, () => drawEvent(fields, choices)) };
}

function agree({ expected, actual }: Case): boolean {
  if (expected.reason !== null) {
    seen.refused += 1;
    return actual.reason !== null;
  }
  const { reason } = actual;
  if (reason !== null) {
    const known = stricterThanEventRuler.find((stricter) => stricter.reason.test(reason));
    if (known !== undefined) {
      seen.stricter.set(known.what, (seen.stricter.get(known.what) ?? 0) + 1);
    }
    return known !== undefined;
  }
  seen.pairs += expected.matches.length;
  seen.matches += expected.matches.filter(Boolean).length;
  return isDeepStrictEqual(actual.matches, expected.matches);
}

async function isFaultOfEventRuler(oracle: EventRuler, { question, actual }: Case): Promise<boolean> {
  if (!faultyPattern.test(question.pattern) && !question.events.some((event) => faultyEvent.test(event))) {
    return false;
  }
  const [expected] = await oracle.verdicts([{ ...question, isApart: true }]);
  seen.faults += 1;
  return isDeepStrictEqual(actual, expected);
}

function report(seed: string): void {
  const share = Math.round((100 * seen.matches) / seen.pairs);
  console.log(
    `${seen.pairs} pairs: ${seen.matches} match (${share} %), the others do not; ${seen.refused} patterns refused; seed ${seed}`,
  );
  console.log(`  in ${seen.faults} more patterns, event-ruler has a fault`);
  for (const [what, count] of seen.stricter) {
    console.log(`  ${count} patterns that event-ruler takes: ${what}`);
  }
}

function difference({ question, expected, actual }: Case): string {
  const lines = [`  pattern ${question.pattern}`];
  if (expected.reason !== null || actual.reason !== null) {
    lines.push(`  event-ruler: ${expected.reason ?? 'valid'}`, `  the mapping: ${actual.reason ?? 'valid'}`);
  }
  for (const [index, event] of question.events.entries()) {
    const [theirs, ours] = [expected.matches[index], actual.matches[index]];
    if (theirs !== undefined && ours !== undefined && theirs !== ours) {
      lines.push(`  event ${event}: event-ruler ${theirs}, the mapping ${ours}`);
    }
  }
  return lines.join('\n');
}
