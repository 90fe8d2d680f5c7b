import type { QueueSource, StreamSource } from './application.ts';
import type { RawResource } from './raw-template.ts';
import { createdResources, type Stack } from './stack.ts';
import { Unknown } from './unknown.ts';

type Source = StreamSource | QueueSource;

/** Lists the streams and queues of all templates by ARN, and streams by the ARNs of their consumers with enhanced fan-out. */
export function findSources(stacks: readonly Stack[]): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  const created = stacks.flatMap((stack) =>
    createdResources(stack).map(([id, resource]) => ({ stack, id, resource })),
  );
  for (const { stack, id, resource } of created) {
    const kind = KINDS.get(resource.type);
    const arn =
      kind === undefined ? undefined : attributeOf(stack, id, kind === 'dynamodb' ? 'StreamArn' : 'Arn');
    if (kind !== undefined && arn !== undefined) {
      sources.set(arn, { kind, logicalId: stack.qualify(id) });
    }
  }
  for (const { stack, id, resource } of created) {
    const [stream, consumerArn] = resource.type === CONSUMER ? consumerOf(stack, id, resource) : [];
    const source = sources.get(stream ?? '');
    if (consumerArn !== undefined && source?.kind === 'kinesis') {
      sources.set(consumerArn, { ...source, consumerArn });
    }
  }
  return sources;
}

const KINDS: ReadonlyMap<string, Source['kind']> = new Map<string, Source['kind']>([
  ['AWS::DynamoDB::GlobalTable', 'dynamodb'],
  ['AWS::DynamoDB::Table', 'dynamodb'],
  ['AWS::Kinesis::Stream', 'kinesis'],
  ['AWS::SQS::Queue', 'sqs'],
]);
const CONSUMER = 'AWS::Kinesis::StreamConsumer';

function attributeOf(stack: Stack, id: string, name: string): string | undefined {
  const value = stack.references.attribute(id, name, `Resources.${id}`);
  return value instanceof Unknown ? undefined : String(value);
}

function consumerOf(stack: Stack, id: string, { properties }: RawResource): (string | undefined)[] {
  const place = `Resources.${id}.Properties.StreamARN`;
  const stream = stack.resolver.compute(properties['StreamARN'] ?? undefined, place);
  return typeof stream === 'string' ? [stream, attributeOf(stack, id, 'ConsumerARN')] : [];
}
