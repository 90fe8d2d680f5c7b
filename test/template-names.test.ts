import { beforeAll, describe, expect, it } from 'vitest';
import { type Documents, readProjectDocuments, resolveResources } from './template/project-template.ts';

let documents: Documents;

beforeAll(async () => {
  documents = await readProjectDocuments();
});

describe('the names of tables and stream', () => {
  it('begin with the name of the stack where nothing is said', () => {
    const names = namesWith({ Names: 'stack' });
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !name.startsWith('oncefold-'))).toEqual([]);
  });

  it('are decided anew by nobody who updates a stack of release 0.2.0 or before', () => {
    const former = { StateTableName: 'StateTable' };
    expect(() => namesWith({ ...former, Names: 'stack' })).toThrow(
      /Rules\.FormerNamesAreKept: A stack of release 0\.2\.0 or before keeps its names/,
    );
    expect(namesWith({ ...former, Names: 'lab' })).toContain('StateTable');
    expect(namesWith({ ...former, Names: 'mine' })).toContain('mine-StateTable');
  });
});

function namesWith(overrides: Readonly<Record<string, string>>): readonly string[] {
  const named = resolveResources(
    documents,
    { WithWorkshop: 'true', ComparisonStrategy: 'none', ...overrides },
    (type) => type === 'AWS::DynamoDB::Table' || type === 'AWS::Kinesis::Stream',
  );
  return [...named.values()].map(({ properties: { TableName, Name } }) => String(TableName ?? Name));
}
