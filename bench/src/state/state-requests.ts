import type { BatchExecuteStatementCommandInput } from '@aws-sdk/client-dynamodb';
import { createDynamoDbStateStore } from '@oncefold/state-function/dynamodb';
import { parseTrade, type Trade } from '@oncefold/trades';
import type { Workload } from '@oncefold/workshop';
import { inBatches } from '../cut/in-batches.ts';
import { hierarchy, labCalls } from '../lab.ts';

/** DynamoDB's own limit. */
const STATEMENTS_MAX = 25;
/** As long as those of a stream's records. */
const recordKey = `oncefold:state:arn%3Aaws%3Akinesis%3Aus-east-1%3A000000000000%3Astream/IncomingDataStream:shardId-000000000000%3A${'4'.repeat(56)}`;
const reference = { shard: 'Xk3_9-Ab', sequence: '1xq3v0z9k2m4n6p8r0t2v4x6z8b0d2f4h6j8', subSequence: 0 };

/** The messages of the lab's load, in the order in which they are put. */
export function labMessages(messages: number, seed: number): Workload['calls'][number]['messages'] {
  return labCalls({ messages, seed }).flatMap((call) => call.messages);
}

type Statement = NonNullable<BatchExecuteStatementCommandInput['Statements']>[number];

/**
 * The writes of the state function as a bare client sends them: one conditional statement for each message, the first of a trade an
 * insert and the others updates, every request full, no trade twice in one.
 *
 * Messages that repeat others to the letter are left out, as the state function leaves out what it knows from its batch. The
 * store of the state function makes the statements, so that both send the same bytes.
 */
export async function stateRequests(
  messages: ReturnType<typeof labMessages>,
  table: string,
): Promise<readonly BatchExecuteStatementCommandInput[]> {
  const rounds: Statement[][] = [];
  const seen = new Map<string, number>();
  for (const text of new Set(messages.map(({ data }) => Buffer.from(data).toString('utf8')))) {
    const trade = tradeOf(text);
    const round = seen.get(trade.tradeId) ?? 0;
    seen.set(trade.tradeId, round + 1);
    rounds[round] ??= [];
    rounds[round].push(await statementOf(trade, round === 0 ? 'insert' : 'update', table));
  }
  return rounds.flatMap((statements) =>
    inBatches(statements, STATEMENTS_MAX).map((batch) => ({ Statements: [...batch] })),
  );
}

function tradeOf(text: string): Trade {
  const parsed = parseTrade(text, hierarchy);
  if (parsed.code === 'invalid') {
    throw new Error(`the load has an invalid message: ${parsed.reason}`);
  }
  return parsed.trade;
}

/** What the store sends for one version. */
async function statementOf(trade: Trade, mode: 'insert' | 'update', table: string): Promise<Statement> {
  const sent: Statement[] = [];
  const client = {
    send: async ({ input }: { readonly input: BatchExecuteStatementCommandInput }) => {
      sent.push(...(input.Statements ?? []));
      return { Responses: [{}] };
    },
  };
  const store = createDynamoDbStateStore(client as never, { table, hierarchy });
  await store.write([{ mode, trade, recordKey, reference, recount: 0 }], new AbortController().signal);
  return sent[0] as Statement;
}
