import { createMapping, type Mapping, type MappingSettings } from './index.ts';

const settings: MappingSettings = {
  source: {
    kind: 'kinesis',
    arn: 'arn:aws:kinesis:us-east-1:000000000000:stream/orders',
    region: 'us-east-1',
  },
  functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:fold',
  startingPosition: 'TRIM_HORIZON',
  functionResponseTypes: ['ReportBatchItemFailures'],
};
declare const options: Parameters<typeof createMapping>[1];
export const mapping: Mapping = createMapping(settings, options);

// @ts-expect-error a source that mappings here do not read
createMapping({ ...settings, source: { ...settings.source, kind: 'sqs' } }, options);
// @ts-expect-error a starting position that Lambda does not have
createMapping({ ...settings, startingPosition: 'EARLIEST' }, options);
// @ts-expect-error a misspelt setting
createMapping({ ...settings, batchsize: 10 }, options);
// @ts-expect-error without the function
createMapping({ source: settings.source, startingPosition: 'LATEST' }, options);
// @ts-expect-error a response type that Lambda does not have
createMapping({ ...settings, functionResponseTypes: ['ReportBatchItemSuccesses'] }, options);
// @ts-expect-error a step needs to know what has happened
mapping.step();
