import {
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  GetItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { TransactionPort } from '@oncefold/commit';
import { noRecounts } from '@oncefold/function-kit';
import type { PipelineParts } from '../../src/index.ts';
import type { PlantedDefect } from './planted-defect.ts';

/** A client that answers some commands in place of DynamoDB. */
function answering(answer: (command: unknown) => Promise<unknown> | undefined): PipelineParts {
  return {
    recountClient: ({ send }) => ({
      send: (command, options) => answer(command) ?? send(command, options),
    }),
  };
}

const noOutside = (command: unknown): Promise<unknown> | undefined =>
  command instanceof GetItemCommand && command.input.Key?.['Identifier']?.S?.endsWith('::outside')
    ? Promise.resolve({})
    : undefined;

/** The markers of all rows that are asked for. */
function allMarked({ input }: BatchGetItemCommand): object {
  const asked = Object.entries(input.RequestItems ?? {}).map(([table, { Keys }]) => [table, Keys]);
  return { Responses: Object.fromEntries(asked), UnprocessedKeys: {} };
}

function isSealScan(command: unknown): boolean {
  return (
    command instanceof ScanCommand &&
    command.input.TableName === 'StateTable' &&
    !Object.values(command.input.ExpressionAttributeNames ?? {}).includes('Value')
  );
}

function statementsOf(command: unknown): readonly string[] {
  return command instanceof BatchExecuteStatementCommand
    ? (command.input.Statements ?? []).map(({ Statement = '' }) => Statement)
    : [];
}

export const recountDefects: readonly PlantedDefect[] = [
  {
    name: 'a recount without a seal',
    seeds: 117,
    faults: ['shard-split', 'crash-at-start', 'invocation-throttled'],
    kinds: ['wrong'],
    parts: answering((command) => (isSealScan(command) ? Promise.resolve({ Items: [] }) : undefined)),
  },
  {
    name: 'a recount that puts up no posts',
    seeds: 1040,
    kinds: ['wrong'],
    parts: answering((command) => {
      const statements = statementsOf(command);
      return statements[0]?.startsWith('INSERT') === true
        ? Promise.resolve({ Responses: statements.map(() => ({})) })
        : undefined;
    }),
  },
  {
    name: 'a recount that does not wait for rows of sums',
    seeds: 4_094,
    kinds: ['wrong'],
    parts: {
      ...answering((command) =>
        command instanceof BatchGetItemCommand ? Promise.resolve(allMarked(command)) : undefined,
      ),
      // Within the time that it waits before a repair, rows are applied.
      recountLimits: { settleMs: 0 },
    },
  },
  {
    name: 'a recount that does not look for trades outside it',
    seeds: 182,
    kinds: ['wrong'],
    parts: answering(noOutside),
  },
  {
    name: 'new trades without a mark, and a recount that does not look for them',
    seeds: 3,
    kinds: ['wrong'],
    parts: {
      ...answering(noOutside),
      statePorts: (ports) => ({ ...ports, readRecounts: () => Promise.resolve(noRecounts) }),
    },
  },
  {
    name: 'a map stage that keeps in memory which recount runs',
    seeds: 2,
    kinds: ['wrong', 'stuck'],
    parts: {
      readRecounts: (read) => {
        let known: ReturnType<typeof read> | undefined;
        return () => {
          known ??= read();
          return known;
        };
      },
    },
  },
  {
    name: 'sums of a recount in another transaction than the nodes',
    seeds: 78,
    kinds: ['wrong', 'stuck'],
    parts: {
      transactions: (transactions, stage) => (stage === 'reduce' ? inTwo(transactions) : transactions),
    },
  },
];

/** Commits the sums of recounts first, and everything else, the guards too, after them. */
function inTwo({ transact }: TransactionPort): TransactionPort {
  return {
    transact: async (request) => {
      const ofRecount = request.actions.filter(({ table }) => table === 'RecountTable');
      const others = request.actions.filter(({ table }) => table !== 'RecountTable');
      if (ofRecount.length > 0) {
        await transact({ ...request, actions: ofRecount });
      }
      return transact({ ...request, actions: others });
    },
  };
}
