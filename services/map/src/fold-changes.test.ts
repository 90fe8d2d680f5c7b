import { createHierarchy, formatContribution } from '@oncefold/reducer';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { type FoldChangesOptions, foldChanges } from './fold-changes.ts';

const options: FoldChangesOptions = {
  hierarchy: createHierarchy({ dimensions: ['RiskType', 'TradeDesk', 'Region'] }),
  expiredTrades: 'retract',
  consumer: 'map',
  stateTable: 'StateTable',
  quarantineTable: 'QuarantineTable',
};

interface Row {
  readonly desk: string;
  readonly value: string;
  readonly version?: string;
}

const image = ({ desk, value, version = '0' }: Row): NonNullable<DynamoDBRecord['dynamodb']>['NewImage'] => ({
  id: { S: 'trade-1' },
  Version: { N: version },
  Value: { N: value },
  Hierarchy: { S: JSON.stringify({ Region: 'EMEA', RiskType: 'PV', TradeDesk: desk }) },
  Timestamp: { N: '1763884800.123456' },
});

function change(
  before: Row | undefined,
  after: Row | undefined,
  more: Partial<DynamoDBRecord> = {},
): DynamoDBRecord {
  return {
    eventID: 'e1',
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    dynamodb: {
      ...(before === undefined ? {} : { OldImage: image(before) ?? {} }),
      ...(after === undefined ? {} : { NewImage: image(after) ?? {} }),
    },
    ...more,
  };
}

const sums = (record: DynamoDBRecord, given = options): Record<string, string> =>
  JSON.parse(formatContribution(foldChanges([record], given)[0]?.contribution ?? new Map()));

describe('foldChanges', () => {
  it('adds a new trade to every node of its path and counts it', () => {
    expect(sums(change(undefined, { desk: 'FXSpot', value: '61502.37' }))).toEqual({
      PV: '61502.37',
      'PV:FXSpot': '61502.37',
      'PV:FXSpot:EMEA': '61502.37',
      message_count: '1',
    });
  });

  it('adds the difference when the value changes', () => {
    expect(sums(change({ desk: 'FXSpot', value: '0.3' }, { desk: 'FXSpot', value: '0.1' }))).toMatchObject({
      PV: '-0.2',
      'PV:FXSpot:EMEA': '-0.2',
    });
  });

  it('takes a trade that moves out of the old path and into the new one', () => {
    expect(sums(change({ desk: 'FXSpot', value: '5' }, { desk: 'FXOptions', value: '7' }))).toEqual({
      PV: '2',
      'PV:FXSpot': '-5',
      'PV:FXSpot:EMEA': '-5',
      'PV:FXOptions': '7',
      'PV:FXOptions:EMEA': '7',
      message_count: '1',
    });
  });

  it('takes a removed trade back, and counts no message', () => {
    expect(sums(change({ desk: 'FXSpot', value: '5' }, undefined))).toEqual({
      PV: '-5',
      'PV:FXSpot': '-5',
      'PV:FXSpot:EMEA': '-5',
    });
  });

  it('takes an expired trade back too, unless configured to keep it', () => {
    const expiry = change({ desk: 'FXSpot', value: '5' }, undefined, {
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    });
    expect(sums(expiry)).toMatchObject({ PV: '-5' });
    expect(sums(expiry, { ...options, expiredTrades: 'keep' })).toEqual({});
    const deleted = change({ desk: 'FXSpot', value: '5' }, undefined);
    expect(sums(deleted, { ...options, expiredTrades: 'keep' })).toMatchObject({ PV: '-5' });
  });

  it('puts an image that is no trade aside whole, adds nothing for it, and takes back what was there before', () => {
    const [fold] = foldChanges(
      [change({ desk: 'FXSpot', value: '5' }, { desk: 'a:b', value: '7' })],
      options,
    );
    expect(fold?.contribution.get('PV')).toBeDefined();
    expect(JSON.parse(formatContribution(fold?.contribution ?? new Map()))).toEqual({
      PV: '-5',
      'PV:FXSpot': '-5',
      'PV:FXSpot:EMEA': '-5',
    });
    expect(fold?.writes).toMatchObject([
      {
        type: 'put',
        table: 'QuarantineTable',
        key: { Source: { S: 'StateTable#e1' }, Part: { N: '0' } },
        attributes: {
          Reason: { S: 'forbidden-separator' },
          Detail: { S: 'Hierarchy.TradeDesk' },
          Consumer: { S: 'map' },
        },
      },
    ]);
  });

  it('adds a trade that replaces a bad image as a new one, and nothing when a bad image goes', () => {
    const bad = { desk: '', value: '7' };
    expect(sums(change(bad, { desk: 'FXSpot', value: '5' }))).toMatchObject({ PV: '5', message_count: '1' });
    const [fold] = foldChanges([change(bad, undefined)], options);
    expect(fold).toEqual({ contribution: new Map() });
  });

  it('takes a desk with the name of a prototype or with an apostrophe for a desk', () => {
    for (const desk of ['__proto__', 'constructor', "O'Brien"]) {
      expect(Object.entries(sums(change(undefined, { desk, value: '1' })))).toContainEqual([
        `PV:${desk}`,
        '1',
      ]);
    }
  });
});
