interface StartErrorOptions extends ErrorOptions {
  readonly code: StartError['code'];
  /** Address that was asked, where one was. */
  readonly endpoint?: string;
}

/** An application could not be started; what was started for it has been stopped. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code:
    | 'node-too-old'
    | 'template-refused'
    | 'runtime-client-missing'
    | 'engine-not-started'
    | 'not-deployed'
    | 'function-not-built'
    | 'runtime-not-installed'
    | 'functions-not-started';
  readonly endpoint: string | undefined;

  constructor(message: string, options: StartErrorOptions) {
    super(message, options);
    this.code = options.code;
    this.endpoint = options.endpoint;
  }
}

/** Runs one step of a start. */
export async function attempt<Value>(
  what: string,
  options: { readonly code: StartError['code']; readonly endpoint?: string },
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`could not ${what}: ${reason}`, { ...options, cause });
  }
}
