import type { Cost, Overhead, Price } from '../report/comparison-report.ts';

/**
 * DynamoDB's on-demand price for the Standard table class in us-east-1, since the reduction of November 2024.
 *
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
export const onDemandPrice: Price = {
  region: 'us-east-1',
  usdPerMillionWriteUnits: 0.625,
  usdPerMillionReadUnits: 0.125,
  source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  validSince: '2024-11-01',
};

const DIGITS = 6;

export function costsOf(overheads: readonly Overhead[], price: Price): Cost[] {
  const usd = ({ unitsPerBatch: { read, write }, batchSize }: Overhead): number =>
    (write * price.usdPerMillionWriteUnits + read * price.usdPerMillionReadUnits) / batchSize;
  return overheads.map((overhead) => {
    const { stage, strategy, batchSize } = overhead;
    const unguarded = overheads.find(
      (other) => other.stage === stage && other.batchSize === batchSize && other.strategy === 'none',
    );
    return {
      stage,
      strategy,
      batchSize,
      usdPerMillionRecords: round(usd(overhead)),
      ...(unguarded === undefined
        ? {}
        : { guardUsdPerMillionRecords: round(usd(overhead) - usd(unguarded)) }),
    };
  });
}

function round(value: number): number {
  return Number(value.toFixed(DIGITS));
}
