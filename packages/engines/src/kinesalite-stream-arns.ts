/** The part of kinesalite's module `validations` that brings a request into its form. */
export interface KinesaliteValidations {
  /** @param types - the fields that an operation has */
  checkTypes(request: Request, types: Readonly<Record<string, unknown>>): Request;
}

type Request = Readonly<Record<string, unknown>>;

/** AWS's pattern, except that what follows `stream/` is a name: a consumer's ARN is none of a stream. */
const STREAM_ARN = /^arn:aws.*:kinesis:.*:\d{12}:stream\/(?<streamName>[a-zA-Z0-9_.-]+)$/;

/**
 * Lets kinesalite take `StreamARN` in every operation that takes `StreamName`.
 *
 * It is older than that parameter, ignores it, and then misses a name. The region and account of an ARN are not looked at,
 * because the engine has one set of streams.
 *
 * @param validations - kinesalite's module `validations`, which is changed
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html
 */
export function acceptStreamArns(validations: KinesaliteValidations): void {
  const { checkTypes } = validations;
  validations.checkTypes = (request, types) => {
    const { StreamARN: arn, StreamName: name } = request;
    if (types['StreamName'] === undefined || arn === undefined || arn === null) {
      return checkTypes(request, types);
    }
    const streamName = STREAM_ARN.exec(String(arn))?.groups?.['streamName'];
    if (streamName === undefined) {
      throw refusal(
        'ValidationException',
        `1 validation error detected: Value '${arn}' at 'streamARN' failed to satisfy constraint: Member must satisfy regular expression pattern: ${STREAM_ARN.source}`,
      );
    }
    if (name !== undefined && name !== null && name !== streamName) {
      throw refusal('InvalidArgumentException', `StreamARN ${arn} is not the ARN of the stream ${name}.`);
    }
    return checkTypes({ ...request, StreamName: streamName }, types);
  };
}

/** What kinesalite answers with as it is. */
function refusal(type: string, message: string): Error {
  return Object.assign(new Error(message), { statusCode: 400, body: { __type: type, message } });
}
