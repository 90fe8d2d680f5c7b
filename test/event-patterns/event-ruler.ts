import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Verdict } from './mapping-verdict.ts';

const script = join(import.meta.dirname, '..', '..', 'scripts', 'event-ruler.sh');

/** Status of the script where a program that it needs is missing. */
const MISSING = 3;

/** What oracle/Oracle.java reads. */
export interface Question {
  readonly pattern: string;
  readonly events: readonly string[];
  /** Shows event-ruler one rule of each list at a time. */
  readonly isApart: boolean;
}

/** Amazon's implementation, in a process of its own. */
export interface EventRuler {
  /** Answers in the order of the questions; one call at a time. */
  verdicts(questions: readonly Question[]): Promise<Verdict[]>;
  stop(): Promise<void>;
}

/**
 * Installs event-ruler and starts it.
 *
 * @returns what is missing on the machine, if it cannot
 */
export async function startEventRuler(): Promise<EventRuler | { readonly missing: string }> {
  const missing = install();
  if (missing !== undefined) {
    return { missing };
  }
  const child = spawn(script, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async verdicts(questions) {
      child.stdin.write(questions.map((question) => `${JSON.stringify(question)}\n`).join(''));
      const verdicts: Verdict[] = [];
      while (verdicts.length < questions.length) {
        const answer = await answers.next();
        if (answer.done) {
          throw new Error(`event-ruler has ended with status ${await ended}.`);
        }
        verdicts.push(JSON.parse(answer.value) as Verdict);
      }
      return verdicts;
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

function install(): string | undefined {
  try {
    execFileSync(script, ['--install'], { stdio: ['ignore', 'inherit', 'pipe'], encoding: 'utf8' });
  } catch (error) {
    const { status, stderr } = error as { readonly status?: number; readonly stderr?: string };
    if (status === MISSING) {
      return String(stderr).trim();
    }
    throw new Error(`event-ruler could not be installed: ${String(stderr).trim()}`, { cause: error });
  }
  return undefined;
}
