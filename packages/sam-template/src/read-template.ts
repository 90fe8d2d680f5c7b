import { readFile } from 'node:fs/promises';
import { ABSENT } from './absent.ts';
import type { Application, MappingResource, MappingSource, UnsupportedFeature } from './application.ts';
import { applyGlobals } from './apply-globals.ts';
import { parseTemplate } from './parse-template.ts';
import { type RawResource, type RawTemplate, readRawTemplate } from './raw-template.ts';
import { readFunction } from './read-functions.ts';
import { type MappingEnds, readEvents, readMapping } from './read-mappings.ts';
import { readStream } from './read-streams.ts';
import { readTable } from './read-tables.ts';
import { resolveParameters } from './resolve-parameters.ts';
import { createResolver, type Resolver } from './resolver.ts';
import type { ReadingContext } from './resource-properties.ts';
import { createResourceReferences, type Place, type ResourceReferences } from './resource-references.ts';
import { TemplateError } from './template-error.ts';

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
 * A table, stream or function has the name that the template gives it, else its logical id. Whatever the template asks
 * for and this does not understand is listed as unsupported.
 *
 * No library says exactly what it does not understand, names the place of an error, gives resources local names and
 * passes over what does not run locally. `cfn-resolver-lib` 1.1.8 has no types, does not check parameters and leaves in
 * the result unnoticed what it cannot resolve. `yaml-cfn` 0.3.2 is a second YAML parser and reads `012345678901` as a
 * number and `yes` as text. `aws-cdk-lib/cloudformation-include` needs the whole CDK and gives constructs, not values.
 * samtranslator and cfn-lint are Python and resolve nothing. Plain values are read as PyYAML reads them, because SAM
 * does: `yes` is true, `y` is text, `012345678901` keeps its zero.
 *
 * @param options - the file, the parameters and the place
 * @returns the application
 * @throws {@link TemplateError} when the template or a parameter is wrong; the message says where
 */
export async function readTemplate(options: ReadTemplateOptions): Promise<Application> {
  const { file, region = 'us-east-1', accountId = '000000000000', stackName = 'oncefold' } = options;
  const raw = readRawTemplate(parseTemplate(await readTemplateFile(file), file), file);
  const unsupported: UnsupportedFeature[] = [];
  const report = (logicalId: string, what: string): void => {
    if (unsupported.some((feature) => feature.logicalId === logicalId && feature.what === what)) {
      return;
    }
    unsupported.push({ logicalId, what });
  };
  for (const name of raw.transforms) {
    if (name !== TRANSFORM) {
      report('Transform', `${name} is not emulated`);
    }
  }

  const resources = new Map(
    [...raw.resources].map(([id, resource]) => [id, applyGlobals(resource, raw.globals)]),
  );
  const place: Place = { region, accountId };
  const { resolver, references } = connect({ raw, resources, place, stackName, report, options });
  const context: ReadingContext = { resolver, nameOf: references.nameOf, report };
  const created = [...resources].filter(([id, { condition }]) => resolver.isMet(condition, id));
  const ofType = (isWanted: (type: string) => boolean) => created.filter(([, { type }]) => isWanted(type));

  const functions = ofType((type) => FUNCTIONS.has(type)).flatMap(
    ([id, resource]) => readFunction(id, resource, context) ?? [],
  );
  const tables = ofType((type) => TABLES.has(type)).map(([id, resource]) => readTable(id, resource, context));
  const streams = ofType((type) => type === STREAM).map(([id, resource]) =>
    readStream(id, resource, options.onDemandShardCount ?? 4, context),
  );
  const ends = mappingEnds({ functions, tables, streams }, references);
  const runnable = new Set(functions.map(({ logicalId }) => logicalId));
  const mappings: MappingResource[] = [
    ...ofType((type) => FUNCTIONS.has(type)).flatMap(([id, resource]) =>
      runnable.has(id) ? readEvents(id, resource, ends, context) : [],
    ),
    ...ofType((type) => type === MAPPING).flatMap(
      ([id, resource]) => readMapping(id, resource, ends, context) ?? [],
    ),
  ];
  for (const [id, { type }] of created) {
    if (!EMULATED.has(type) && !WITHOUT_LOCAL_MEANING.has(type)) {
      report(id, `${type} is not emulated`);
    }
  }
  return { functions, tables, streams, mappings, outputs: readOutputs(raw, resolver), unsupported };
}

async function readTemplateFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new TemplateError(file, 'cannot be read', { cause });
  }
}

/** Values refer to names of resources, and names are values: the two need each other. */
function connect(parts: {
  raw: RawTemplate;
  resources: ReadonlyMap<string, RawResource>;
  place: Place;
  stackName: string;
  report: (logicalId: string, what: string) => void;
  options: ReadTemplateOptions;
}): { resolver: Resolver; references: ResourceReferences } {
  const { raw, resources, place, stackName, report, options } = parts;
  const references = createResourceReferences({ resources, place, resolver: () => resolver, report });
  const resolver = createResolver({
    parameters: resolveParameters(raw.parameters, options.parameterOverrides ?? {}, report),
    pseudoParameters: new Map([
      ['AWS::AccountId', place.accountId],
      ['AWS::NotificationARNs', ''],
      ['AWS::Partition', 'aws'],
      ['AWS::Region', place.region],
      ['AWS::StackId', `arn:aws:cloudformation:${place.region}:${place.accountId}:stack/${stackName}/local`],
      ['AWS::StackName', stackName],
      ['AWS::URLSuffix', 'amazonaws.com'],
    ]),
    mappings: raw.mappings,
    conditions: raw.conditions,
    reference: references.reference,
    attribute: references.attribute,
    report,
  });
  return { resolver, references };
}

function mappingEnds(
  { functions, tables, streams }: Pick<Application, 'functions' | 'tables' | 'streams'>,
  { attribute }: ResourceReferences,
): MappingEnds {
  const arn = (logicalId: string, name: string) => String(attribute(logicalId, name, logicalId));
  const sources: [string, MappingSource][] = [
    ...streams.map(
      ({ logicalId }) => [arn(logicalId, 'Arn'), { kind: 'kinesis', logicalId }] as [string, MappingSource],
    ),
    ...tables
      .filter(({ streamViewType }) => streamViewType !== undefined)
      .map(
        ({ logicalId }) =>
          [arn(logicalId, 'StreamArn'), { kind: 'dynamodb', logicalId }] as [string, MappingSource],
      ),
  ];
  return {
    functions: new Map(
      functions.flatMap(({ logicalId, functionName }) => [
        [functionName, logicalId],
        [arn(logicalId, 'Arn'), logicalId],
      ]),
    ),
    sources: new Map(sources),
  };
}

function readOutputs(raw: RawTemplate, resolver: Resolver): Record<string, string> {
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
