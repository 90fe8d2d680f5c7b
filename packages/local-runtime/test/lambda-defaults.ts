import type { FunctionResource, MappingSettings } from '@oncefold/sam-template';

/** Lambda's own defaults. */
export const MAPPING_DEFAULTS: MappingSettings = {
  enabled: true,
  batchSize: 100,
  maximumBatchingWindowInSeconds: 0,
  parallelizationFactor: 1,
  startingPosition: 'TRIM_HORIZON',
  maximumRetryAttempts: -1,
  maximumRecordAgeInSeconds: -1,
  bisectBatchOnFunctionError: false,
  functionResponseTypes: [],
  tumblingWindowInSeconds: 0,
};

export const FUNCTION_DEFAULTS: Omit<FunctionResource, 'logicalId' | 'functionName' | 'handler'> = {
  codeUri: '',
  layers: [],
  runtime: 'nodejs24.x',
  timeoutSeconds: 30,
  memorySize: 128,
  environment: {},
};
