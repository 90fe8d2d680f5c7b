import { commitStage, commitStrategies, createTurn, runHistory, type StrategyName } from '../../src/index.ts';

/** A hash of the history of each seed, in this environment. */
export async function hashHistories(
  strategy: StrategyName,
  from: number,
  count: number,
): Promise<readonly string[]> {
  const simulation = commitStage(commitStrategies[strategy]);
  const turn = createTurn();
  const hashes: string[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const { history, violations, faults } = await runHistory(
      simulation,
      { seed },
      { turn, isDetailed: true },
    );
    hashes.push(hashText(JSON.stringify({ history, violations, faults })));
  }
  return hashes;
}

/** Two FNV-1a hashes over the text from different origins: enough to see any difference, and the same everywhere. */
function hashText(text: string): string {
  return [0x811c9dc5, 0x1b873593].map((origin) => hashFrom(origin, text)).join('-');
}

function hashFrom(origin: number, text: string): string {
  let hash = origin;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
