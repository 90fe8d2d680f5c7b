/** The part of a client's middleware stack that is used here, with types that do not depend on the service. */
interface MiddlewareStack {
  add(middleware: Middleware, options: MiddlewareOptions): void;
}

interface MiddlewareOptions {
  readonly step: 'deserialize';
  readonly priority: 'low' | 'high';
  readonly name: string;
  /** Takes the place of a middleware of the same name, so that a client may be prepared twice. */
  readonly override: true;
}

interface Result {
  readonly response: { readonly statusCode: number; body: unknown };
  readonly output: { Records?: unknown };
}

/** One object for all middleware of one request. */
interface Context {
  readonly commandName?: string;
  rawRecords?: unknown;
}

type Next = (args: object) => Promise<Result>;
type Middleware = (next: Next, context: Context) => Next;

/**
 * Makes GetRecords of a client answer records as the service sent them, parsed as JSON and not otherwise changed.
 *
 * That form is the one in which Lambda puts them into events: binary values in base64, times in epoch seconds. The
 * SDK would turn every attribute into its own form, and each would have to be turned back; it is most of what reading
 * a stream costs. Requests, signatures and errors stay the SDK's.
 *
 * Reading 10,000 records this way costs a few hundredths of a second of CPU. It relies on two names of the SDK's public
 * middleware stack, the step `deserialize` and its priorities; tests with real engines compare records literally and fail
 * if those change. A client of our own would have to copy signatures, errors and connections.
 */
export function keepRawRecords(client: { readonly middlewareStack: unknown }): void {
  const stack = client.middlewareStack as MiddlewareStack;
  const takeOut: Middleware = (next, context) => async (args) => {
    const result = await next(args);
    const { response } = result;
    if (context.commandName !== 'GetRecordsCommand' || response.statusCode !== 200) {
      return result;
    }
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk);
    }
    const { Records: records, ...rest } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    context.rawRecords = records;
    response.body = Buffer.from(JSON.stringify(rest));
    return result;
  };
  const putBack: Middleware = (next, context) => async (args) => {
    const result = await next(args);
    if (context.rawRecords !== undefined) {
      result.output.Records = context.rawRecords;
    }
    return result;
  };
  // Low priority is next to the network, high priority is outside of the SDK's own deserializer.
  stack.add(takeOut, { step: 'deserialize', priority: 'low', name: 'takeOutRawRecords', override: true });
  stack.add(putBack, { step: 'deserialize', priority: 'high', name: 'putBackRawRecords', override: true });
}
