import { type Hierarchy, HierarchyError } from '@oncefold/reducer';
import type { Application } from '@oncefold/sam-template';
import { createTradeHierarchy } from '@oncefold/trades';
import { CouldNotRunError } from '../command-line/could-not-run-error.ts';

/** The names by which programs outside, this command among them, know the pipeline. */
export interface PipelineContract {
  /** Name of the stream that messages are sent to. */
  readonly stream: string;
  readonly tables: {
    readonly state: string;
    readonly aggregate: string;
    readonly parameter: string;
    readonly accounting: string;
    readonly quarantine: string;
  };
  readonly hierarchy: Hierarchy;
}

/**
 * Reads the names of tables and stream from the application, so that they may be changed by template parameters.
 */
export function readContract(application: Application): PipelineContract {
  const variableOf = (name: string): string => {
    for (const { environment } of application.functions) {
      if (environment[name]) {
        return environment[name];
      }
    }
    throw new CouldNotRunError(`the template has no function with the environment variable ${name}`);
  };
  const stream = application.streams[0];
  if (stream === undefined) {
    throw new CouldNotRunError('the template has no Kinesis stream');
  }
  return {
    stream: stream.streamName,
    tables: {
      state: variableOf('STATE_TABLE'),
      aggregate: variableOf('AGGREGATE_TABLE'),
      parameter: variableOf('PARAMETER_TABLE'),
      accounting: variableOf('ACCOUNTING_TABLE'),
      quarantine: variableOf('QUARANTINE_TABLE'),
    },
    hierarchy: readHierarchy(variableOf('HIERARCHY_DIMENSIONS')),
  };
}

function readHierarchy(dimensions: string): Hierarchy {
  try {
    return createTradeHierarchy(dimensions.split(','));
  } catch (cause) {
    if (!(cause instanceof HierarchyError)) {
      throw cause;
    }
    throw new CouldNotRunError(`the template's HIERARCHY_DIMENSIONS cannot be used: ${cause.message}`, {
      cause,
    });
  }
}

/** Puts the functions into the order in which records go through them. */
export function stagesOf(application: Application): readonly string[] {
  const isFirst = (functionId: string): boolean =>
    application.mappings.some(
      (mapping) => mapping.functionLogicalId === functionId && mapping.source.kind === 'kinesis',
    );
  const ids = application.functions.map((resource) => resource.logicalId);
  return [...ids.filter(isFirst), ...ids.filter((id) => !isFirst(id))];
}
