import { describe, expect, it } from 'vitest';
import { labDimensions } from './dimensions.ts';
import { truthOf } from './truth-of.ts';
import { type TradeMessage, WorkloadError } from './workload.ts';

function message(version: number, units: bigint, path = ['PV', 'FXSpot', 'EMEA']): TradeMessage {
  const claim = { tradeId: 'one', version, units, path };
  return { kind: 'new', claim, data: new Uint8Array(), partitionKey: 'any', isRepeat: false };
}

describe('truthOf', () => {
  it('sums the newest version only, under the dimensions that it has now', () => {
    const truth = truthOf(
      [message(1, 25n * 10n ** 10n, ['PV', 'FXOptions', 'APAC']), message(0, 7n)],
      labDimensions,
    );
    expect([...truth.nodes]).toEqual([
      ['PV', '0.25'],
      ['PV:FXOptions', '0.25'],
      ['PV:FXOptions:APAC', '0.25'],
    ]);
    expect(truth.applied).toEqual({ least: 1, most: 2 });
    expect(truth.conflict).toEqual({ least: 0, most: 0 });
  });

  it('counts what may be a conflict', () => {
    const messages = [message(0, 7n), message(0, 7n), message(0, 8n), message(1, 9n), message(1, 9n)];
    expect(truthOf(messages, labDimensions).conflict).toEqual({ least: 0, most: 2 });
  });

  it('refuses a load whose sums the order of arrival would decide', () => {
    expect(() => truthOf([message(0, 7n), message(0, 8n)], labDimensions)).toThrow(WorkloadError);
  });

  it('writes negative and tiny sums exactly', () => {
    expect(truthOf([message(0, -1n)], labDimensions).nodes.get('PV')).toBe('-0.000000000001');
    expect(truthOf([message(0, -(10n ** 13n))], labDimensions).nodes.get('PV')).toBe('-10');
  });
});
