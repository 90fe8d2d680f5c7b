import { dirname, join, relative } from 'node:path';
import { ABSENT } from './absent.ts';
import type {
  Application,
  FunctionResource,
  MappingResource,
  MappingSource,
  StreamResource,
  TableResource,
  UnsupportedFeature,
} from './application.ts';
import { readDocuments } from './read-documents.ts';
import { readFunction } from './read-functions.ts';
import { type MappingEnds, readEvents, readMapping } from './read-mappings.ts';
import { readStream } from './read-streams.ts';
import { readTable } from './read-tables.ts';
import type { ReadingContext } from './resource-properties.ts';
import { createdResources, locate, openStack, type Stack, withNested } from './stack.ts';

/** Which template to read, and what it cannot say itself. */
export interface ReadTemplateOptions {
  /** Path of a SAM or CloudFormation template, YAML or JSON. */
  readonly file: string;
  /** Parameters that do not take their default. */
  readonly parameterOverrides?: Readonly<Record<string, string>>;
  /** Default `us-east-1`. */
  readonly region?: string;
  /** Twelve digits; default zeros. */
  readonly accountId?: string;
  /** Default `oncefold`. */
  readonly stackName?: string;
  /** Shards of a stream in on-demand mode; default 4, which is what AWS starts with. */
  readonly onDemandShardCount?: number;
}

const TRANSFORM = 'AWS::Serverless-2016-10-31';
const FUNCTIONS = new Set(['AWS::Serverless::Function', 'AWS::Lambda::Function']);
const TABLES = new Set(['AWS::DynamoDB::Table', 'AWS::Serverless::SimpleTable']);
const STREAM = 'AWS::Kinesis::Stream';
const MAPPING = 'AWS::Lambda::EventSourceMapping';

/** Rights, alarms, logs and where failures go: nothing that a function sees, so nothing is missing without them. */
const WITHOUT_LOCAL_MEANING = new Set([
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
]);
const EMULATED = new Set([...FUNCTIONS, ...TABLES, STREAM, MAPPING]);

/**
 * Reads a SAM template into the functions, tables, streams and mappings that it would deploy, under their local names.
 *
 * A table, stream or function has the name that the template gives it, else its logical id. Nested applications whose template
 * is a local file are read too; what they have is named as the SAM CLI names it, such as `Workshop/GeneratorFunction`. Whatever
 * the template asks for and this does not understand is listed as unsupported.
 *
 * No library says exactly what it does not understand, names the place of an error, gives resources local names and
 * passes over what does not run locally. `cfn-resolver-lib` 1.1.8 has no types, does not check parameters and leaves in
 * the result unnoticed what it cannot resolve. `yaml-cfn` 0.3.2 is a second YAML parser and reads `012345678901` as a
 * number and `yes` as text. `aws-cdk-lib/cloudformation-include` needs the whole CDK and gives constructs, not values.
 * samtranslator and cfn-lint are Python and resolve nothing. Plain values are read as PyYAML reads them, because SAM
 * does: `yes` is true, `y` is text, `012345678901` keeps its zero.
 *
 * @throws {@link TemplateError} when the template or a parameter is wrong; the message says where
 */
export async function readTemplate(options: ReadTemplateOptions): Promise<Application> {
  const { file, region = 'us-east-1', accountId = '000000000000', stackName = 'oncefold' } = options;
  const unsupported: UnsupportedFeature[] = [];
  const root = openStack({
    file,
    documents: await readDocuments(file),
    parameterOverrides: options.parameterOverrides ?? {},
    place: { region, accountId },
    stackName,
    report: (logicalId, what) => {
      if (!unsupported.some((feature) => feature.logicalId === logicalId && feature.what === what)) {
        unsupported.push({ logicalId, what });
      }
    },
  });
  const stacks = withNested(root);
  const inFile = <T>(stack: Stack, read: () => T): T => locate(read, stack === root ? undefined : stack.file);
  const parts = stacks.map((stack) => inFile(stack, () => readResources(stack, options)));
  const ends = mappingEnds(parts);
  const mappings = stacks.flatMap((stack) => inFile(stack, () => readMappings(stack, ends)));
  for (const stack of stacks) {
    reportUnsupported(stack);
  }
  return {
    functions: parts.flatMap(({ functions }) => functions.map(({ resource }) => resource)),
    tables: parts.flatMap(({ tables }) => tables.map(({ resource }) => resource)),
    streams: parts.flatMap(({ streams }) => streams.map(({ resource }) => resource)),
    mappings,
    outputs: readOutputs(root),
    unsupported,
  };
}

/** A resource under its qualified id, and its ARN. */
interface Read<Resource> {
  readonly resource: Resource;
  readonly arnOf: (attribute: string) => string;
}

interface ReadResources {
  readonly functions: readonly Read<FunctionResource>[];
  readonly tables: readonly Read<TableResource>[];
  readonly streams: readonly Read<StreamResource>[];
}

function contextOf({ resolver, references, report }: Stack): ReadingContext {
  return { resolver, nameOf: references.nameOf, report };
}

function readResources(stack: Stack, { file, onDemandShardCount = 4 }: ReadTemplateOptions): ReadResources {
  const context = contextOf(stack);
  const created = createdResources(stack);
  const ofType = (isWanted: (type: string) => boolean) => created.filter(([, { type }]) => isWanted(type));
  const under = <Resource extends { readonly logicalId: string }>(resource: Resource): Read<Resource> => ({
    resource: { ...resource, logicalId: stack.qualify(resource.logicalId) },
    arnOf: (attribute) =>
      String(stack.references.attribute(resource.logicalId, attribute, resource.logicalId)),
  });
  return {
    functions: ofType((type) => FUNCTIONS.has(type)).flatMap(([id, resource]) => {
      const found = readFunction(id, resource, context);
      return found === undefined
        ? []
        : [under({ ...found, codeUri: codeUriFrom(file, stack, found.codeUri) })];
    }),
    tables: ofType((type) => TABLES.has(type)).map(([id, resource]) =>
      under(readTable(id, resource, context)),
    ),
    streams: ofType((type) => type === STREAM).map(([id, resource]) =>
      under(readStream(id, resource, onDemandShardCount, context)),
    ),
  };
}

/** A nested template gives its paths from its own folder. */
function codeUriFrom(root: string, { file }: Stack, codeUri: string): string {
  return file === root || codeUri === '' ? codeUri : join(relative(dirname(root), dirname(file)), codeUri);
}

function readMappings(stack: Stack, ends: MappingEnds): MappingResource[] {
  const context = contextOf(stack);
  const runnable = new Set(ends.functions.values());
  return createdResources(stack)
    .flatMap(([id, resource]) => {
      const functionLogicalId = stack.qualify(id);
      if (FUNCTIONS.has(resource.type) && runnable.has(functionLogicalId)) {
        return readEvents(id, resource, ends, context).map((mapping) => ({ ...mapping, functionLogicalId }));
      }
      return resource.type === MAPPING ? (readMapping(id, resource, ends, context) ?? []) : [];
    })
    .map((mapping) => ({ ...mapping, logicalId: stack.qualify(mapping.logicalId) }));
}

function reportUnsupported(stack: Stack): void {
  for (const name of stack.raw.transforms) {
    if (name !== TRANSFORM) {
      stack.report('Transform', `${name} is not emulated`);
    }
  }
  for (const [id, { type }] of createdResources(stack)) {
    if (!EMULATED.has(type) && !WITHOUT_LOCAL_MEANING.has(type) && stack.nested(id) === undefined) {
      stack.report(id, `${type} is not emulated`);
    }
  }
}

function mappingEnds(parts: readonly ReadResources[]): MappingEnds {
  const sources = parts.flatMap(({ streams, tables }): [string, MappingSource][] => [
    ...streams.map(({ resource: { logicalId }, arnOf }): [string, MappingSource] => [
      arnOf('Arn'),
      { kind: 'kinesis', logicalId },
    ]),
    ...tables
      .filter(({ resource: { streamViewType } }) => streamViewType !== undefined)
      .map(({ resource: { logicalId }, arnOf }): [string, MappingSource] => [
        arnOf('StreamArn'),
        { kind: 'dynamodb', logicalId },
      ]),
  ]);
  return {
    functions: new Map(
      parts.flatMap(({ functions }) =>
        functions.flatMap(({ resource: { logicalId, functionName }, arnOf }) => [
          [functionName, logicalId] as const,
          [arnOf('Arn'), logicalId] as const,
        ]),
      ),
    ),
    sources: new Map(sources),
  };
}

function readOutputs({ raw, resolver }: Stack): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, { condition, value }] of raw.outputs) {
    if (!resolver.isMet(condition, `Outputs.${name}`)) {
      continue;
    }
    const resolved = resolver.resolve(value, `Outputs.${name}`);
    if (resolved !== ABSENT) {
      outputs[name] = String(resolved);
    }
  }
  return outputs;
}
