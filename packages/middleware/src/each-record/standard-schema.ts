import { InvalidRecordError } from './invalid-record-error.ts';

/** What a schema finds wrong. Its message may hold a value, so it is not read. */
interface Issue {
  readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined;
}

/** What a schema says of a value. */
type Result<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

/**
 * What is read of a schema of Zod, Valibot, ArkType or any other library that speaks Standard Schema.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly validate: (value: unknown) => Result<Output> | Promise<Result<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

const ISSUES_MAX = 10;

/** Names that a program chose; a name of any other form may be a producer's, as in a dictionary. */
const NAME = /^[A-Za-z_][\w-]{0,39}$/;

/**
 * Parses a value.
 *
 * @returns what the schema makes of it
 * @throws {@link InvalidRecordError} with the paths of the issues, and none of their values
 */
export async function parseBySchema<Output>(schema: StandardSchema<Output>, value: unknown): Promise<Output> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) {
    return result.value;
  }
  const paths = new Set(result.issues.slice(0, ISSUES_MAX).map(pathOf));
  throw new InvalidRecordError('schema', [...paths].join(', '));
}

function pathOf({ path = [] }: Issue): string {
  const steps = path.map((step) => {
    const key = typeof step === 'object' ? step.key : step;
    if (typeof key === 'number') {
      return `[${key}]`;
    }
    return typeof key === 'string' && NAME.test(key) ? `.${key}` : '.*';
  });
  return `$${steps.join('')}`;
}
