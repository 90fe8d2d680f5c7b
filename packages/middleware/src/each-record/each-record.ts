import { assertKnownOptions, type Names, nameKind, resolveNames, StrategyError } from '@oncefold/commit';
import type { ExactJson } from '@oncefold/reducer';
import type { FoldedRecord } from '../check-contributions.ts';
import type { Refusal } from '../quarantine/quarantine-items.ts';
import {
  type QuarantineOptions,
  type QuarantineWrites,
  quarantineRecord,
} from '../quarantine/quarantine-record.ts';
import type { KinesisRecord, SourceEvent, SourceRecord, SqsRecord } from '../record-identity.ts';
import { payloadOf } from '../record-payload.ts';
import { checkedChange } from './checked-change.ts';
import type { InvalidRecordError } from './invalid-record-error.ts';
import { type NumberForm, readJson, refusalOf, toPlain } from './read-json.ts';
import { parseBySchema, type StandardSchema } from './standard-schema.ts';

/** What a record holds before any schema: exact JSON, or a change of a table as the event has it. */
export type InputOf<Record extends SourceRecord> = Record extends
  | { readonly kinesis: object }
  | { readonly body: string }
  ? ExactJson
  : NonNullable<Record['dynamodb']>;

/** Options of {@link eachRecord}. An unknown one is refused. */
export interface EachRecordOptions<Output> {
  /** Any schema that speaks Standard Schema, also one that answers later. Absent: the value is the exact JSON, or the change. */
  readonly schema?: StandardSchema<Output> | undefined;
  /** Where invalid records are kept. Names default to the name of the Lambda function; let them be those of the strategy. */
  readonly quarantine: Names & { readonly table: string };
  /**
   * How the schema is given the numbers of JSON. `exact`: as JavaScript numbers, and a record with a number that one cannot say exactly is
   * invalid. `text`: all of them as text, for `parseDecimal`. Default `exact`.
   */
  readonly numbers?: NumberForm | undefined;
  /**
   * Told of each record that is quarantined, at each delivery and before the commit. What it throws fails the invocation. Default: one
   * line on `console.warn`, without content. The ids of those whose quarantine is committed are in `refused` of the report that
   * `onCommitted` is given.
   */
  readonly onInvalid?: ((invalid: InvalidRecord) => void | Promise<void>) | undefined;
}

/** A record that is quarantined, and why. */
export interface InvalidRecord extends Refusal {
  /** `eventID` or `messageId`. */
  readonly id: string;
}

/** What one record adds, alone or with writes of its own. */
type Addition = FoldedRecord['contribution'] | FoldedRecord;

/** Says what one record adds. It writes nothing. */
export type RecordFold<Value, Record> = (value: Value, record: Record) => Addition | Promise<Addition>;

/**
 * Makes a fold from a function of one record, and quarantines what is invalid.
 *
 * The payload is decoded (base64, UTF-8, JSON; a change of a table is taken as it is, and an image that is read although its stream does
 * not show it fails the invocation) and parsed by the schema, one record after the other. A record is invalid where it cannot be decoded, where the schema finds issues, and where `fold` throws an
 * {@link InvalidRecordError}, an {@link ExactJsonError}, a {@link DecimalError}, a {@link KeyPatternError} or a {@link TimeBucketError} of
 * the time itself, and where what it returns has a key that no table takes, or fits into no transaction. It is quarantined alone,
 * whole, in the transaction of its guard, and the rest of the batch goes on. Any other error fails the invocation.
 *
 * @param options - an unknown one is refused
 * @param fold - from the value of a record to its contribution; say the record's type for changes of a table
 * @returns the fold, for `commitOnce`
 * @throws {@link StrategyError} when an option is missing or unknown
 *
 * @example
 * ```ts
 * import { incrementEach, ledger } from '@oncefold/commit';
 * import { createMemoryTransactions } from '@oncefold/commit/memory';
 * import { commitOnce } from '@oncefold/middleware';
 * import { eachRecord } from '@oncefold/middleware/each-record';
 * import { parseDecimal } from '@oncefold/reducer';
 *
 * const names = { namespace: 'shop', consumer: 'stock' };
 *
 * export const handler = commitOnce(
 *   {
 *     transactions: createMemoryTransactions({ now: Date.now }),
 *     strategy: ledger({ ...names, table: 'Ledger' }),
 *     effect: incrementEach({ table: 'Stock', key: 'Shelf', attribute: 'Pieces' }),
 *   },
 *   eachRecord({ quarantine: { ...names, table: 'Quarantine' } }, (order) =>
 *     new Map([[order.get('shelf').text(), parseDecimal(order.get('pieces').numberText())]]),
 *   ),
 * );
 * ```
 */
export function eachRecord<Output, Record extends SourceRecord = KinesisRecord | SqsRecord>(
  options: EachRecordOptions<Output> & { readonly schema: StandardSchema<Output> },
  fold: RecordFold<Output, Record>,
): (event: SourceEvent<Record>) => Promise<readonly FoldedRecord[]>;
export function eachRecord<Record extends SourceRecord = KinesisRecord | SqsRecord>(
  options: EachRecordOptions<unknown> & { readonly schema?: undefined },
  fold: RecordFold<InputOf<Record>, Record>,
): (event: SourceEvent<Record>) => Promise<readonly FoldedRecord[]>;
export function eachRecord(
  options: EachRecordOptions<unknown>,
  fold: RecordFold<never, never>,
): (event: SourceEvent) => Promise<readonly FoldedRecord[]> {
  const quarantine = checkOptions(options);
  if (typeof fold !== 'function') {
    throw new StrategyError(
      'eachRecord: it takes a function of one record: eachRecord(options, (value) => …)',
    );
  }
  const refuse = async (record: SourceRecord, refusal: Refusal): Promise<QuarantineWrites> => {
    const { messageId, eventID } = record as { readonly messageId?: string; readonly eventID?: string };
    const id = String(messageId ?? eventID);
    await (options.onInvalid ?? printInvalid)({ id, ...refusal });
    return quarantineRecord(record, refusal, quarantine);
  };
  const contributionOf = async (record: SourceRecord, index: number): Promise<FoldedRecord> => {
    const value = await readValue(record, index, options);
    const answer = await fold(value as never, record as never);
    if (typeof answer !== 'object' || answer === null) {
      throw new StrategyError(
        `eachRecord: the function must return what the record adds, not ${nameKind(answer)}`,
      );
    }
    const element =
      answer instanceof Map || !('contribution' in answer)
        ? { contribution: answer as FoldedRecord['contribution'] }
        : answer;
    return { onRefused: ({ code }) => refuse(record, { reason: code, detail: '' }), ...element };
  };
  return async ({ Records }) => {
    const elements: FoldedRecord[] = [];
    for (const [index, record] of Records.entries()) {
      try {
        elements.push(await contributionOf(record, index));
      } catch (error) {
        const refusal = refusalOf(error);
        if (refusal === undefined) {
          throw error;
        }
        elements.push({ contribution: new Map(), isInvalid: true, ...(await refuse(record, refusal)) });
      }
    }
    return elements;
  };
}

function printInvalid({ id, reason, detail }: InvalidRecord): void {
  console.warn(`eachRecord: record ${id} is quarantined: ${reason}${detail === '' ? '' : ` (${detail})`}`);
}

function checkOptions(options: EachRecordOptions<unknown>): QuarantineOptions {
  assertKnownOptions('eachRecord', options, {
    known: ['schema', 'quarantine', 'numbers', 'onInvalid'],
    required: ['quarantine'],
  });
  const { schema, quarantine, numbers = 'exact', onInvalid } = options;
  assertKnownOptions('eachRecord: quarantine', quarantine, {
    known: ['namespace', 'consumer', 'table'],
    required: ['table'],
    texts: ['table'],
  });
  if (schema !== undefined && typeof schema?.['~standard']?.validate !== 'function') {
    throw new StrategyError(
      'eachRecord: the option schema must speak Standard Schema, as those of Zod, Valibot and ArkType do',
    );
  }
  if (numbers !== 'exact' && numbers !== 'text') {
    throw new StrategyError("eachRecord: the option numbers must be 'exact' or 'text'");
  }
  if (onInvalid !== undefined && typeof onInvalid !== 'function') {
    throw new StrategyError('eachRecord: the option onInvalid must be a function');
  }
  return { ...resolveNames('eachRecord: quarantine', quarantine), table: quarantine.table };
}

async function readValue(
  record: SourceRecord,
  index: number,
  options: EachRecordOptions<unknown>,
): Promise<unknown> {
  const { schema, numbers } = options;
  if (record.dynamodb !== undefined) {
    const change = checkedChange(record, index);
    return schema === undefined ? change : parseBySchema(schema, change);
  }
  const json = readJson(payloadOf(record));
  return schema === undefined ? json : parseBySchema(schema, toPlain(json, numbers));
}
