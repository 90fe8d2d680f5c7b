import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { formatContribution, parseContribution } from '@oncefold/reducer';
import { type KeptRound, type Round, RoundError } from '../rounds/round.ts';

/** An item has 400 kB; sums before and growth take most of it. */
const TEXT_LENGTH_MAX = 150_000;
const RETENTION_SECONDS = 30 * 86_400;

/** Writes a round as an item; sums are JSON text of decimals, as in the rows of the pipeline. */
export function itemOf(round: Round): Record<string, AttributeValue> {
  const growth = formatContribution(round.growth);
  const before = formatContribution(round.before);
  if (growth.length + before.length > TEXT_LENGTH_MAX) {
    throw new RoundError('too-many-keys', 'The sums of the round do not fit into one item.');
  }
  return {
    Round: { S: round.name },
    Seed: { N: String(round.seed) },
    Messages: { N: String(round.messages) },
    Growth: { S: growth },
    AppliedLeast: { N: String(round.applied.least) },
    AppliedMost: { N: String(round.applied.most) },
    Before: { S: before },
    OpenedAt: { N: String(round.openedAt) },
    ExpiresAt: { N: String(Math.floor(round.openedAt / 1000) + RETENTION_SECONDS) },
  };
}

export function roundOf(item: Readonly<Record<string, AttributeValue>>): KeptRound {
  const number = (name: string): number => Number(item[name]?.N);
  return {
    name: item['Round']?.S ?? '',
    seed: number('Seed'),
    messages: number('Messages'),
    growth: parseContribution(item['Growth']?.S ?? ''),
    applied: { least: number('AppliedLeast'), most: number('AppliedMost') },
    before: parseContribution(item['Before']?.S ?? ''),
    openedAt: number('OpenedAt'),
    isJudged: item['Verdict'] !== undefined,
  };
}
