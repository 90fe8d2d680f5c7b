import type { Action } from '@oncefold/commit';
import { formatContribution, mergeContributions } from '@oncefold/reducer';
import { identityKey } from '@oncefold/request-token';
import { createTradeHierarchy, type Recount, type Repair } from '@oncefold/trades';
import type { DynamoDBRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { type ChangesOptions, contributionsOfChanges } from './contributions-of-changes.ts';

const SOURCE = 'arn:aws:dynamodb:eu-west-1:000000000000:table/StateTable/stream/2025-11-23T08:00:00.000';
const options: ChangesOptions = {
  unrecordedHierarchy: createTradeHierarchy(['RiskType', 'TradeDesk', 'Region']),
  expiredTrades: 'retract',
  quarantine: { namespace: 'test', consumer: 'map', table: 'QuarantineTable' },
};

interface Row {
  readonly desk: string;
  readonly value: string;
  readonly version?: string;
  readonly dimensions?: readonly string[];
  /** Further attributes of the item. */
  readonly more?: Image;
}
type Image = NonNullable<NonNullable<DynamoDBRecord['dynamodb']>['NewImage']>;

const image = ({ desk, value, version = '0', dimensions, more = {} }: Row): Image => ({
  id: { S: 'trade-1' },
  Version: { N: version },
  Value: { N: value },
  Hierarchy: { S: JSON.stringify({ Region: 'EMEA', RiskType: 'PV', TradeDesk: desk }) },
  Timestamp: { N: '1763884800.123456' },
  ...(dimensions === undefined ? {} : { Dimensions: { S: JSON.stringify(dimensions) } }),
  ...more,
});

function change(
  before: Row | undefined,
  after: Row | undefined,
  more: Partial<DynamoDBRecord> = {},
): DynamoDBRecord {
  return {
    eventID: 'e1',
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventSourceARN: SOURCE,
    dynamodb: {
      Keys: { id: { S: 'trade-1' } },
      ...(before === undefined ? {} : { OldImage: image(before) }),
      ...(after === undefined ? {} : { NewImage: image(after) }),
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    ...more,
  };
}

const sums = (record: DynamoDBRecord, given = options): Record<string, string> => sumsOfAll([record], given);

function sumsOfAll(records: readonly DynamoDBRecord[], given = options): Record<string, string> {
  const contributions = contributionsOfChanges(records, given).map(({ contribution }) => contribution);
  return JSON.parse(formatContribution(mergeContributions(contributions)));
}

describe('contributionsOfChanges', () => {
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

  it('retracts a trade that moves from the old path and adds it to the new one', () => {
    expect(sums(change({ desk: 'FXSpot', value: '5' }, { desk: 'FXOptions', value: '7' }))).toEqual({
      PV: '2',
      'PV:FXSpot': '-5',
      'PV:FXSpot:EMEA': '-5',
      'PV:FXOptions': '7',
      'PV:FXOptions:EMEA': '7',
      message_count: '1',
    });
  });

  it('retracts a removed trade, and counts no message', () => {
    expect(sums(change({ desk: 'FXSpot', value: '5' }, undefined))).toEqual({
      PV: '-5',
      'PV:FXSpot': '-5',
      'PV:FXSpot:EMEA': '-5',
    });
  });

  it('retracts an expired trade too, unless configured to keep it', () => {
    const expiry = change({ desk: 'FXSpot', value: '5' }, undefined, {
      userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
    });
    expect(sums(expiry)).toMatchObject({ PV: '-5' });
    expect(sums(expiry, { ...options, expiredTrades: 'keep' })).toEqual({});
    const deleted = change({ desk: 'FXSpot', value: '5' }, undefined);
    expect(sums(deleted, { ...options, expiredTrades: 'keep' })).toMatchObject({ PV: '-5' });
  });

  it('quarantines an image that is no trade whole, adds nothing for it, and retracts what was there before', () => {
    const [added] = contributionsOfChanges(
      [change({ desk: 'FXSpot', value: '5' }, { desk: 'a:b', value: '7' })],
      options,
    );
    expect(added?.contribution.get('PV')).toBeDefined();
    expect(JSON.parse(formatContribution(added?.contribution ?? new Map()))).toEqual({
      PV: '-5',
      'PV:FXSpot': '-5',
      'PV:FXSpot:EMEA': '-5',
    });
    expect(added?.writes).toMatchObject([
      {
        type: 'put',
        table: 'QuarantineTable',
        key: {
          Source: { S: identityKey({ namespace: 'test', consumer: 'map', source: SOURCE, id: 'e1' }) },
          Part: { N: '0' },
        },
        attributes: {
          Reason: { S: 'forbidden-separator' },
          Detail: { S: 'Hierarchy.TradeDesk' },
          Consumer: { S: 'map' },
        },
      },
    ]);
  });

  it('adds a trade that replaces a bad image as a new one, and nothing when a bad image is removed', () => {
    const bad = { desk: '', value: '7' };
    expect(sums(change(bad, { desk: 'FXSpot', value: '5' }))).toMatchObject({ PV: '5', message_count: '1' });
    const [added] = contributionsOfChanges([change(bad, undefined)], options);
    expect(added).toEqual({ contribution: new Map() });
  });

  it('adds nothing at all for a change that does not change the trade', () => {
    const trade = { desk: 'FXSpot', value: '5' };
    const untouched = [
      change(trade, trade),
      change(trade, { ...trade, more: { ExpiresAt: { N: '1763888400' } } }),
      change(trade, { ...trade, more: { 'aws:rep:updatetime': { N: '1763884800.5' } } }),
      change(trade, { ...trade, more: { RecordId: { S: 'r2' }, Slots: { S: 's' }, Timestamp: { N: '1' } } }),
    ];
    for (const record of untouched) {
      expect(sums(record)).toEqual({});
    }
  });

  it('adds to a recount that runs, beside the aggregates, what enters it and what changes in it', () => {
    const recounting = { ...options, recounts: { running: { number: 7 } } };
    const spot = { desk: 'FXSpot', value: '5' };
    const marked = { ...spot, more: { Recount: { N: '7' }, RecountWave: { N: '1' } } };
    expect(sums(change(spot, marked), recounting)).toEqual({
      ':7:PV': '5',
      ':7:PV:FXSpot': '5',
      ':7:PV:FXSpot:EMEA': '5',
      ':7::wave 1': '1',
    });
    expect(sums(change(marked, { ...marked, value: '7', version: '1' }), recounting)).toMatchObject({
      PV: '2',
      ':7:PV': '2',
      message_count: '1',
    });
    expect(sums(change(undefined, spot), recounting)).toMatchObject({ PV: '5', ':7::outside': '1' });
    expect(sums(change(spot, marked))).toEqual({});
  });

  it('counts what is not in the recount with the actions that it is given for that, and nothing else', () => {
    const stray: Action = {
      type: 'update',
      table: 'RecountTable',
      key: { Identifier: { S: ':7::stray' } },
      add: { Value: '1' },
    };
    const repairing = { ...options, recounts: { running: { number: 7 } }, strayActions: [stray] };
    const spot = { desk: 'FXSpot', value: '5' };
    const member = { ...spot, more: { Recount: { N: '7' } } };
    const writesOf = (...rows: readonly [Row | undefined, Row]) =>
      contributionsOfChanges([change(...rows)], repairing)[0]?.writes;
    expect(writesOf(undefined, spot)).toEqual([stray]);
    expect(writesOf(member, { ...member, value: '7', version: '1' })).toBeUndefined();
    expect(writesOf(spot, { ...member, more: { ...member.more, RecountWave: { N: '1' } } })).toBeUndefined();
  });

  describe('of a change that its mapping delivers after a repair', () => {
    const unmarked = { desk: 'FXSpot', value: '5' };
    const whole: Repair = { number: 8, from: 10_000, to: 10_010 };
    const added = (seconds: number | undefined, repair: Repair, running?: Recount) => {
      const { dynamodb, ...record } = change(unmarked, { ...unmarked, value: '7', version: '1' });
      const written = { ...record, dynamodb: { ...dynamodb, ApproximateCreationDateTime: seconds } };
      return sums(written, { ...options, recounts: { running, repairs: [repair] } });
    };

    it('adds only its message where the repair began after it: a new mapping begins with what was given up', () => {
      expect(added(9_901, whole)).toEqual({ message_count: '1' });
      expect(added(9_901, { ...whole, path: 'PV:FXSpot' })).toEqual({ PV: '2', message_count: '1' });
    });

    it('adds all of it where the time does not tell that, and never stops for it', () => {
      for (const seconds of [undefined, 9_960, 10_005, 20_000]) {
        expect(added(seconds, whole)).toMatchObject({ PV: '2', message_count: '1' });
      }
    });

    it('does not wait for a repair that was written in part: what is redelivered is known to its guard', () => {
      const partial = { ...whole, isPartial: true };
      expect(added(9_901, partial, { number: 8 })).toMatchObject({ PV: '2' });
      expect(added(9_901, partial)).toMatchObject({ PV: '2' });
    });
  });

  describe('of a change that is handed in again', () => {
    const guard: Action = {
      type: 'compare-and-set',
      table: 'RecountTable',
      key: { Identifier: { S: ':control' } },
      attribute: 'Owner',
      previous: 'a',
      next: 'a',
    };
    const spot = { desk: 'FXSpot', value: '5', more: { Recount: { N: '7' } } };
    const after = { ...spot, value: '7', version: '1' };
    const whole: Repair = { number: 8, from: 10_000, to: 10_010 };
    const redriven = (...repairs: readonly Repair[]): ChangesOptions => ({
      ...options,
      recounts: { repairs, guard },
    });
    const at = (seconds: number | undefined, before: Row = spot, next: Row | 'removed' = after) => {
      const record = change(before, next === 'removed' ? undefined : next);
      return { ...record, dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: seconds } };
    };

    it('adds only its message where a repair has made up for the rest', () => {
      expect(sums(at(9_901), redriven(whole))).toEqual({ message_count: '1' });
      expect(sums(at(9_901, spot, 'removed'), redriven(whole))).toEqual({});
    });

    it('adds all of it where the item was in the recount, or it was written after the repair', () => {
      // It was in that recount already, which lacks the change as the aggregates do.
      expect(sums(at(9_901), redriven({ ...whole, number: 7 }))).toMatchObject({
        PV: '2',
        message_count: '1',
      });
      const unmarked = { desk: 'FXSpot', value: '5' };
      expect(sums(at(10_071, unmarked, { ...unmarked, value: '7' }), redriven(whole))).toMatchObject({
        PV: '2',
      });
    });

    it('is refused where a repair may or may not have made up for it, or was written in part only', () => {
      const partial = { ...whole, isPartial: true };
      for (const [seconds, repair] of [
        [10_005, whole],
        [9_960, whole],
        [undefined, whole],
        [9_901, partial],
      ] as const) {
        expect(() => sums(at(seconds), redriven(repair))).toThrow(
          expect.objectContaining({ code: 'redrive-refused' }),
        );
      }
      expect(() => sums(at(9_901), { ...options, recounts: { running: { number: 8 }, guard } })).toThrow(
        'a recount runs',
      );
    });

    it('is about the nodes of a path, where that was repaired', () => {
      const path = { ...whole, path: 'PV:FXSpot' };
      expect(sums(at(9_901), redriven(path))).toEqual({ PV: '2', message_count: '1' });
      expect(sums(at(10_005), redriven({ ...whole, path: 'PV:FXOptions' }))).toMatchObject({
        'PV:FXSpot': '2',
      });
    });

    it("adds what it adds to a row that the repair took for another program's", () => {
      const left = { ...whole, except: ['PV'] };
      expect(sums(at(9_901), redriven(left))).toEqual({ PV: '2', message_count: '1' });
    });

    it('is committed only if no recount has begun since, where it adds anything', () => {
      expect(contributionsOfChanges([at(1)], redriven())[0]?.writes).toEqual([guard]);
      expect(contributionsOfChanges([at(1, spot, spot)], redriven())[0]?.writes).toBeUndefined();
    });
  });

  it('counts a newer version with the same payload', () => {
    const trade = { desk: 'FXSpot', value: '5' };
    expect(sums(change(trade, { ...trade, version: '1' }))).toEqual({
      PV: '0',
      'PV:FXSpot': '0',
      'PV:FXSpot:EMEA': '0',
      message_count: '1',
    });
  });

  describe('after the dimensions of the pipeline have been changed from RiskType,Region to RiskType,TradeDesk', () => {
    const byRegion = ['RiskType', 'Region'];
    const byDesk = ['RiskType', 'TradeDesk'];
    const ten = { desk: 'FXSpot', value: '10', dimensions: byRegion };
    const fifteen = { desk: 'FXSpot', value: '15', version: '1', dimensions: byDesk };

    it('leaves the old node at 0 when a trade of 10 changes to 15', () => {
      expect(sumsOfAll([change(undefined, ten), change(ten, fifteen)])).toEqual({
        PV: '15',
        'PV:EMEA': '0',
        'PV:FXSpot': '15',
        message_count: '2',
      });
    });

    it('retracts a trade that only the new list refuses from where it was added', () => {
      const noDesk = { ...ten, desk: '' };
      expect(sumsOfAll([change(undefined, noDesk), change(noDesk, fifteen)])).toMatchObject({
        PV: '15',
        'PV:EMEA': '0',
        'PV:FXSpot': '15',
      });
      expect(sumsOfAll([change(undefined, noDesk), change(noDesk, undefined)])).toMatchObject({
        PV: '0',
        'PV:EMEA': '0',
      });
    });

    it('retracts a trade whose item records none by the dimensions of such items', () => {
      const { dimensions: _, ...unrecorded } = ten;
      const given = { ...options, unrecordedHierarchy: createTradeHierarchy(byRegion) };
      const changes = [change(undefined, unrecorded), change(unrecorded, fifteen)];
      expect(sumsOfAll(changes, given)).toMatchObject({ PV: '15', 'PV:EMEA': '0', 'PV:FXSpot': '15' });
    });

    it('moves a trade whose dimensions alone change, and counts no message', () => {
      expect(sums(change(ten, { ...ten, dimensions: byDesk }))).toEqual({
        PV: '0',
        'PV:EMEA': '-10',
        'PV:FXSpot': '10',
      });
    });

    it('quarantines an item whose dimensions are none', () => {
      for (const Dimensions of [{ S: 'RiskType,Region' }, { N: '1' }, { L: [] }]) {
        const [added] = contributionsOfChanges(
          [change(undefined, { desk: 'FXSpot', value: '1', more: { Dimensions } })],
          options,
        );
        expect(added?.contribution.size).toBe(0);
        expect(added?.writes).toMatchObject([
          { attributes: { Reason: { S: 'invalid-dimensions' }, Detail: { S: 'Dimensions' } } },
        ]);
      }
    });
  });

  it('refuses a stream without both images, rather than add a change as if it were new', () => {
    const changed = change({ desk: 'FXSpot', value: '100' }, { desk: 'FXSpot', value: '70' });
    const { OldImage: _old, ...newOnly } = changed.dynamodb ?? {};
    const { NewImage: _new, ...oldOnly } = changed.dynamodb ?? {};
    const { NewImage: _image, ...keysOnly } = newOnly;
    for (const dynamodb of [newOnly, oldOnly, keysOnly]) {
      expect(() => contributionsOfChanges([{ ...changed, dynamodb }], options)).toThrow(
        expect.objectContaining({ code: 'wrong-stream-view' }),
      );
    }
  });

  it('takes no item for a trade that has an id of a rebuild, and quarantines it unless it is one of its posts', () => {
    const id = { S: ':recount:7:1' };
    const insertOf = (NewImage: Image): DynamoDBRecord => {
      const record = change(undefined, { desk: 'FXSpot', value: '5' });
      return { ...record, dynamodb: { ...record.dynamodb, Keys: { id }, NewImage } };
    };
    const named = insertOf(image({ desk: 'FXSpot', value: '5', more: { id } }));
    const [added] = contributionsOfChanges([named], options);
    expect(added?.contribution.size).toBe(0);
    expect(added?.writes).toMatchObject([
      { attributes: { Reason: { S: 'reserved-name' }, Detail: { S: 'TradeID' } } },
    ]);
    const post = insertOf({ id, Recount: { N: '7' } });
    expect(contributionsOfChanges([post], options)).toEqual([{ contribution: new Map() }]);
  });

  it('quarantines what JSON multiplies whole: the head with the position, the rest before it', () => {
    const poison = change(undefined, {
      desk: 'a:b',
      value: '7',
      more: { Note: { S: '\u0001'.repeat(395_000) } },
    });
    const [added] = contributionsOfChanges([poison], options);
    const puts = [...(added?.writes ?? []), ...(added?.preparatoryWrites ?? [])];
    expect(added?.writes).toHaveLength(1);
    const bytes = puts.flatMap((put) =>
      put.type === 'put' && 'B' in (put.attributes['Payload'] ?? {})
        ? [put.attributes['Payload'] as { B: Uint8Array }]
        : [],
    );
    expect(Buffer.concat(bytes.map(({ B }) => B)).toString()).toBe(JSON.stringify(poison.dynamodb));
    expect(bytes.every(({ B }) => B.byteLength <= 350_000)).toBe(true);
    expect(bytes[0]?.B.byteLength).toBeLessThan(20_000);
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
