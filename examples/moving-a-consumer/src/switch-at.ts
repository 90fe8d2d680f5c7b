interface Event<Record> {
  readonly Records: Record[];
}

/** What a function may answer to a mapping that has `ReportBatchItemFailures`. */
interface Answer {
  readonly batchItemFailures?: readonly object[];
}

/**
 * Gives each record to one of two handlers, for ever: the time of a record is the same in each delivery.
 *
 * @param options.cutOver - in seconds since the epoch
 * @param options.timeOf - when a record arrived, in seconds since the epoch
 * @param options.before - the old function; gets the records from before the cut-over
 * @param options.after - the new one; gets all of them, and adds nothing for those
 */
export function switchAt<Record, Context>(options: {
  readonly cutOver: number;
  readonly timeOf: (record: Record) => number;
  readonly before: (event: Event<Record>, context: Context) => Promise<unknown>;
  readonly after: (event: Event<Record>, context: Context) => Promise<Answer>;
}): (event: Event<Record>, context: Context) => Promise<Answer> {
  const { cutOver, timeOf, before, after } = options;
  return async (event, context) => {
    // What is guarded goes first: if it fails, nothing has been added without a guard that would be added again.
    const answer = await after(event, context);
    const earlier = event.Records.filter((record) => timeOf(record) < cutOver);
    if (earlier.length === 0) {
      return answer;
    }
    // Records that the old function reports as failed are redelivered, and with them records that the guard knows.
    const reported = await before({ ...event, Records: earlier }, context);
    return isAnswer(reported) ? reported : answer;
  };
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'batchItemFailures' in value;
}
