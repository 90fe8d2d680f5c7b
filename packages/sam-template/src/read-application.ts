import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type {
  Application,
  FunctionResource,
  MappingResource,
  QueueResource,
  StreamResource,
  TableResource,
} from './application.ts';
import { checkPhysicalNames } from './check-physical-names.ts';
import { findSources } from './find-sources.ts';
import type { MappingEnds } from './mapping-ends.ts';
import type { Place } from './place.ts';
import type { RawResource } from './raw-template.ts';
import { readEvents } from './read-events.ts';
import { findObstacle, readFunction } from './read-functions.ts';
import { readLayer } from './read-layers.ts';
import { readMapping } from './read-mappings.ts';
import { readQueue } from './read-queues.ts';
import { readStream } from './read-streams.ts';
import { readTable } from './read-tables.ts';
import { type ReadingContext, readProperties } from './resource-properties.ts';
import { createdResources, locate, type Stack } from './stack.ts';
import { RESOURCES } from './support/resource-support.ts';

interface ApplicationContext {
  readonly root: Stack;
  readonly place: Place;
  readonly onDemandShardCount: number;
  readonly ignore: (logicalId: string, type: string, property?: string) => void;
}

/** One resource of a type that is read, with what reads it. */
interface Found {
  readonly stack: Stack;
  readonly id: string;
  readonly resource: RawResource;
  readonly context: ReadingContext;
}

/** Reads the resources of all templates: first what mappings connect, then the mappings, then the functions that they feed. */
export function readApplication(
  stacks: readonly Stack[],
  application: ApplicationContext,
): Pick<Application, 'functions' | 'tables' | 'streams' | 'queues' | 'mappings'> {
  const found = stacks.flatMap((stack) => resourcesOf(stack, application));
  const readAll = <Resource extends { readonly logicalId: string }>(
    types: readonly string[],
    read: (one: Found) => Resource,
  ): Resource[] =>
    found
      .filter(({ resource }) => types.includes(resource.type))
      .map((one) => {
        const result = inFile(one, application, () => read(one));
        return { ...result, logicalId: one.stack.qualify(one.id) };
      });
  const tables = readAll<TableResource>(TABLES, ({ id, resource, context }) =>
    readTable(id, resource, context),
  );
  const streams = readAll<StreamResource>(['AWS::Kinesis::Stream'], ({ id, resource, context }) =>
    readStream(id, resource, application.onDemandShardCount, context),
  );
  const queues = readAll<QueueResource>(['AWS::SQS::Queue'], ({ id, resource, context }) =>
    readQueue(id, resource, context),
  );
  const runnable = found.filter((one) => isRunnable(one, application));
  const ends: MappingEnds = {
    functions: new Map(
      runnable.map(({ stack, id }) => [String(stack.references.attribute(id, 'Arn', id)), stack.qualify(id)]),
    ),
    sources: findSources(stacks),
    fifoQueues: new Set(queues.filter(({ isFifo }) => isFifo).map(({ logicalId }) => logicalId)),
    place: application.place,
  };
  const mappings = found.flatMap((one) => inFile(one, application, () => mappingsOf(one, ends)));
  const fed = new Set(
    mappings.filter(({ settings }) => settings.enabled).map(({ functionLogicalId }) => functionLogicalId),
  );
  for (const one of found) {
    inFile(one, application, () => checkOther(one));
  }
  const layers = new Map(found.flatMap((one) => inFile(one, application, () => layerOf(one, application))));
  const functions = runnable.map((one) =>
    inFile(one, application, () => functionOf(one, { application, fed, layers })),
  );
  checkPhysicalNames([
    ['FunctionName', functions.map(({ logicalId, functionName }) => [logicalId, functionName])],
    ['TableName', tables.map(({ logicalId, tableName }) => [logicalId, tableName])],
    ['Name', streams.map(({ logicalId, streamName }) => [logicalId, streamName])],
    ['QueueName', queues.map(({ logicalId, queueName }) => [logicalId, queueName])],
  ]);
  return { functions, tables, streams, queues, mappings };
}

const FUNCTIONS = ['AWS::Serverless::Function', 'AWS::Lambda::Function'];
const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable', 'AWS::Serverless::SimpleTable'];
const READ = new Set([
  ...FUNCTIONS,
  ...TABLES,
  'AWS::Kinesis::Stream',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::LayerVersion',
  'AWS::SQS::Queue',
  'AWS::Serverless::LayerVersion',
]);
const LAYERS = ['AWS::Serverless::LayerVersion', 'AWS::Lambda::LayerVersion'];

function resourcesOf(stack: Stack, { ignore }: ApplicationContext): Found[] {
  const { resolver, references, report } = stack;
  return createdResources(stack).map(([id, resource]) => ({
    stack,
    id,
    resource,
    context: {
      resolver,
      nameOf: references.nameOf,
      report,
      ignore: (property) => ignore(stack.qualify(id), resource.type, property),
    },
  }));
}

function inFile<T>({ stack }: Found, { root }: ApplicationContext, read: () => T): T {
  return locate(read, stack === root ? undefined : stack.file);
}

function isRunnable(one: Found, application: ApplicationContext): boolean {
  const { id, resource, context } = one;
  if (!FUNCTIONS.includes(resource.type)) {
    return false;
  }
  const obstacle = inFile(one, application, () => findObstacle(id, resource, context));
  if (obstacle !== undefined) {
    context.report(`Resources.${id}`, obstacle);
  }
  return obstacle === undefined;
}

function mappingsOf({ stack, id, resource, context }: Found, ends: MappingEnds): MappingResource[] {
  const functionLogicalId = stack.qualify(id);
  if (
    resource.type === 'AWS::Serverless::Function' &&
    [...ends.functions.values()].includes(functionLogicalId)
  ) {
    return readEvents(id, resource, ends, context).map((mapping) => ({
      ...mapping,
      functionLogicalId,
      logicalId: stack.qualify(mapping.logicalId),
    }));
  }
  const mapping =
    resource.type === 'AWS::Lambda::EventSourceMapping'
      ? readMapping(id, resource, ends, context)
      : undefined;
  return mapping === undefined ? [] : [{ ...mapping, logicalId: stack.qualify(id) }];
}

/** Of what is only referred to, such as an alias, the names of properties are checked. */
function checkOther({ id, resource, context }: Found): void {
  const { properties: support } = RESOURCES.get(resource.type) ?? {};
  if (support !== undefined && !READ.has(resource.type)) {
    const where = `Resources.${id}.Properties`;
    readProperties({ properties: resource.properties, where, support, schema: z.object({}) }, context);
  }
}

function layerOf({ stack, id, resource, context }: Found, { root }: ApplicationContext): [string, string][] {
  const directory = LAYERS.includes(resource.type) ? readLayer(id, resource, context) : undefined;
  return directory === undefined
    ? []
    : [[String(stack.references.reference(id, id)), pathFrom(root, stack, directory)]];
}

function functionOf(
  { stack, id, resource, context }: Found,
  options: {
    readonly application: ApplicationContext;
    readonly fed: ReadonlySet<string>;
    readonly layers: ReadonlyMap<string, string>;
  },
): FunctionResource {
  const logicalId = stack.qualify(id);
  const { application, fed, layers } = options;
  const found = readFunction(id, resource, { context, layers, isFed: fed.has(logicalId) });
  return { ...found, logicalId, codeUri: pathFrom(application.root, stack, found.codeUri) };
}

/** A nested template gives its paths from its own folder. */
function pathFrom(root: Stack, { file }: Stack, path: string): string {
  return file === root.file || path === '' ? path : join(relative(dirname(root.file), dirname(file)), path);
}
