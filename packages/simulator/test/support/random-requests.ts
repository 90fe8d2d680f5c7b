/** Random commands on a few items of one table, so that they meet. */
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  BatchWriteItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';

export const TABLE = 'Differential';

export type RandomCommand =
  | BatchExecuteStatementCommand
  | BatchWriteItemCommand
  | DeleteItemCommand
  | GetItemCommand
  | PutItemCommand
  | TransactGetItemsCommand
  | TransactWriteItemsCommand
  | UpdateItemCommand;

/** Makes a command whose keys and token begin with a prefix. */
export type MakeCommand = (prefix: string) => RandomCommand;

type Item = Record<string, AttributeValue>;
type MakeKey = (prefix: string) => { id: AttributeValue; part: AttributeValue };

/** Gives aliases to names and values. */
interface Aliases {
  name(attribute: string): string;
  value(value: AttributeValue): string;
}
type Expression = (aliases: Aliases) => string;

const name = fc.constantFrom('n', 's', 'x');
const number = fc.constantFrom(
  '0',
  '1',
  '-1',
  '2.50',
  '1e2',
  '10',
  '0.000000000001',
  '-12345678901234567890.5',
);
const text = fc.constantFrom('', 'a', 'ab', 'é', '\uffff', '\u{10000}', "it's");
const N = number.map((value): AttributeValue => ({ N: value }));
const S = text.map((value): AttributeValue => ({ S: value }));
const scalar = fc.oneof(N, S);
const anyValue = fc.oneof(
  { weight: 4, arbitrary: N },
  { weight: 4, arbitrary: S },
  {
    weight: 1,
    arbitrary: fc.constantFrom<AttributeValue>(
      { B: Uint8Array.of(0, 255) },
      { BOOL: true },
      { NULL: true },
      { M: { a: { L: [{ N: '1.0' }, { S: 'b' }] } } },
    ),
  },
);
/** What is mostly a number, mostly a text, and anything. */
const attributes: fc.Arbitrary<Item> = fc.record(
  {
    n: fc.oneof({ weight: 8, arbitrary: N }, anyValue),
    s: fc.oneof({ weight: 8, arbitrary: S }, anyValue),
    x: anyValue,
  },
  { requiredKeys: [], noNullPrototype: true },
);

/** Two spellings of one number name one item. */
const key: fc.Arbitrary<MakeKey> = fc
  .record({ id: fc.constantFrom('a', 'b', 'c'), part: fc.constantFrom('0', '1', '1.0') })
  .map(({ id, part }) => (prefix: string) => ({ id: { S: prefix + id }, part: { N: part } }));

const comparison: fc.Arbitrary<Expression> = fc
  .tuple(
    name,
    fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
    fc.oneof({ weight: 6, arbitrary: anyValue }, name),
  )
  .map(([left, comparator, right]) => ({ name: nameOf, value }) => {
    const operand = typeof right === 'string' ? nameOf(right) : value(right);
    return `${nameOf(left)} ${comparator} ${operand}`;
  });

const call: fc.Arbitrary<Expression> = fc
  .tuple(fc.constantFrom('attribute_exists', 'attribute_not_exists'), fc.oneof(name, fc.constant('id')))
  .map(
    ([fn, attribute]) =>
      (aliases) =>
        `${fn}(${aliases.name(attribute)})`,
  );

const prefixed: fc.Arbitrary<Expression> = fc.tuple(name, S).map(
  ([attribute, value]) =>
    (aliases) =>
      `begins_with(${aliases.name(attribute)}, ${aliases.value(value)})`,
);

const member: fc.Arbitrary<Expression> = fc.tuple(name, fc.array(scalar, { minLength: 1, maxLength: 3 })).map(
  ([attribute, values]) =>
    (aliases) =>
      `${aliases.name(attribute)} IN (${values.map(aliases.value).join(', ')})`,
);

const between: fc.Arbitrary<Expression> = fc
  .tuple(name, fc.constantFrom('1', '2'), fc.constantFrom('2', '10'))
  .map(
    ([attribute, from, to]) =>
      (aliases) =>
        `${aliases.name(attribute)} BETWEEN ${aliases.value({ N: from })} AND ${aliases.value({ N: to })}`,
  );

const condition: fc.Arbitrary<Expression> = fc.letrec<{ node: Expression; leaf: Expression }>((tie) => ({
  leaf: fc.oneof({ weight: 4, arbitrary: comparison }, call, prefixed, member, between),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    tie('node').map(
      (inner): Expression =>
        (aliases) =>
          `NOT (${inner(aliases)})`,
    ),
    tie('node').map(
      (inner): Expression =>
        (aliases) =>
          `NOT ${inner(aliases)}`,
    ),
    fc.tuple(tie('node'), fc.constantFrom('AND', 'OR', 'and'), tie('node'), fc.boolean()).map(
      ([a, word, b, isWrapped]): Expression =>
        (aliases) => {
          const both = `${a(aliases)} ${word} ${b(aliases)}`;
          return isWrapped ? `(${both})` : both;
        },
    ),
  ),
})).node;

/** What one clause does to one attribute. */
interface Change {
  readonly attribute: string;
  readonly clause: 'SET' | 'ADD' | 'REMOVE';
  readonly value: Expression;
}

const numberName = fc.oneof({ weight: 8, arbitrary: fc.constant('n') }, name);

const changeOfAttribute: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(name, anyValue).map(([to, value]) => set(to, (aliases) => aliases.value(value))),
  },
  fc.tuple(name, name).map(([to, from]) => set(to, (aliases) => aliases.name(from))),
  fc
    .tuple(name, name, scalar)
    .map(([to, from, value]) =>
      set(to, (aliases) => `if_not_exists(${aliases.name(from)}, ${aliases.value(value)})`),
    ),
  fc
    .tuple(name, numberName, fc.constantFrom('+', '-'), N)
    .map(([to, from, sign, value]) =>
      set(to, (aliases) => `${aliases.name(from)} ${sign} ${aliases.value(value)}`),
    ),
  {
    weight: 4,
    arbitrary: fc.tuple(numberName, N).map(
      ([attribute, value]): Change => ({
        attribute,
        clause: 'ADD',
        value: (aliases) => `${aliases.name(attribute)} ${aliases.value(value)}`,
      }),
    ),
  },
  name.map(
    (attribute): Change => ({ attribute, clause: 'REMOVE', value: (aliases) => aliases.name(attribute) }),
  ),
);

function set(attribute: string, value: Expression): Change {
  return {
    attribute,
    clause: 'SET',
    value: (aliases) => `${aliases.name(attribute)} = ${value(aliases)}`,
  };
}

const update: fc.Arbitrary<Expression> = fc
  .oneof(
    {
      weight: 9,
      arbitrary: fc.uniqueArray(changeOfAttribute, {
        minLength: 1,
        maxLength: 3,
        selector: ({ attribute }) => attribute,
      }),
    },
    // Some attributes are written twice.
    { weight: 1, arbitrary: fc.array(changeOfAttribute, { minLength: 2, maxLength: 3 }) },
  )
  .map(
    (changes) => (aliases) =>
      ['SET', 'ADD', 'REMOVE']
        .map((clause) => [clause, changes.filter((change) => change.clause === clause)] as const)
        .filter(([, parts]) => parts.length > 0)
        .map(([clause, parts]) => `${clause} ${parts.map(({ value }) => value(aliases)).join(', ')}`)
        .join(' '),
  );

interface Conditional {
  readonly ConditionExpression?: string;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Item;
}

function expressions(parts: {
  condition?: Expression | undefined;
  update?: Expression | undefined;
}): Conditional {
  const names: Record<string, string> = {};
  const values: Item = {};
  const aliases: Aliases = {
    name: (attribute) => {
      names[`#${attribute}`] = attribute;
      return `#${attribute}`;
    },
    value: (value) => {
      const alias = `:v${Object.keys(values).length}`;
      values[alias] = value;
      return alias;
    },
  };
  const ConditionExpression = parts.condition?.(aliases);
  const UpdateExpression = parts.update?.(aliases);
  return {
    ...(ConditionExpression !== undefined && { ConditionExpression }),
    ...(UpdateExpression !== undefined && { UpdateExpression }),
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

const maybeCondition = fc.option(condition, { nil: undefined });
const onFailure = fc.constantFrom('ALL_OLD' as const, 'NONE' as const);

type MakeWrite = (prefix: string) => TransactWriteItem;

/** Names the item of a write, whatever its number is spelled like. */
function itemOfWrite(make: MakeWrite): string {
  const { Put, Update, Delete, ConditionCheck } = make('');
  const { id, part } = Put?.Item ?? (Update ?? Delete ?? ConditionCheck)?.Key ?? {};
  return `${id?.S} ${Number(part?.N)}`;
}

const TABLE_NAME = TABLE;
const put: fc.Arbitrary<MakeWrite> = fc
  .tuple(key, attributes, maybeCondition, onFailure)
  .map(([place, item, when, ReturnValuesOnConditionCheckFailure]) => (prefix) => ({
    Put: {
      TableName: TABLE_NAME,
      Item: { ...item, ...place(prefix) },
      ...expressions({ condition: when }),
      ReturnValuesOnConditionCheckFailure,
    },
  }));
const change: fc.Arbitrary<MakeWrite> = fc
  .tuple(key, update, maybeCondition, onFailure)
  .map(([place, how, when, ReturnValuesOnConditionCheckFailure]) => (prefix) => ({
    Update: {
      TableName: TABLE_NAME,
      Key: place(prefix),
      UpdateExpression: '',
      ...expressions({ condition: when, update: how }),
      ReturnValuesOnConditionCheckFailure,
    },
  }));
const remove: fc.Arbitrary<MakeWrite> = fc.tuple(key, maybeCondition).map(([place, when]) => (prefix) => ({
  Delete: { TableName: TABLE_NAME, Key: place(prefix), ...expressions({ condition: when }) },
}));
const check: fc.Arbitrary<MakeWrite> = fc.tuple(key, condition).map(([place, when]) => (prefix) => ({
  ConditionCheck: {
    TableName: TABLE_NAME,
    Key: place(prefix),
    ConditionExpression: '',
    ...expressions({ condition: when }),
  },
}));

/** Items differ: DynamoDB Local looks at tokens and conditions before it finds two writes of one. */
const transaction: fc.Arbitrary<MakeCommand> = fc
  .tuple(
    fc.uniqueArray(fc.oneof({ weight: 2, arbitrary: put }, { weight: 3, arbitrary: change }, remove, check), {
      minLength: 1,
      maxLength: 3,
      selector: itemOfWrite,
    }),
    fc.option(fc.constantFrom('t1', 't2'), { nil: undefined, freq: 2 }),
  )
  .map(
    ([writes, token]) =>
      (prefix) =>
        new TransactWriteItemsCommand({
          TransactItems: writes.map((make) => make(prefix)),
          ...(token !== undefined && { ClientRequestToken: prefix + token }),
          ReturnConsumedCapacity: 'TOTAL',
        }),
  );

const returned = fc.constantFrom('ALL_OLD', 'NONE', 'ALL_NEW', 'UPDATED_NEW', 'UPDATED_OLD');
const single: fc.Arbitrary<MakeCommand> = fc.oneof(
  fc.tuple(put, fc.constantFrom('ALL_OLD', 'NONE')).map(
    ([make, ReturnValues]): MakeCommand =>
      (prefix) =>
        new PutItemCommand({ ...make(prefix).Put, ReturnValues } as never),
  ),
  fc.tuple(change, returned).map(
    ([make, ReturnValues]): MakeCommand =>
      (prefix) =>
        new UpdateItemCommand({ ...make(prefix).Update, ReturnValues } as never),
  ),
  fc.tuple(remove, fc.constantFrom('ALL_OLD', 'NONE')).map(
    ([make, ReturnValues]): MakeCommand =>
      (prefix) =>
        new DeleteItemCommand({ ...make(prefix).Delete, ReturnValues } as never),
  ),
  key.map(
    (place): MakeCommand =>
      (prefix) =>
        new GetItemCommand({ TableName: TABLE_NAME, Key: place(prefix), ConsistentRead: true }),
  ),
);

interface Statement {
  readonly item: string;
  readonly make: (prefix: string) => BatchStatementRequest;
}

const insertion: fc.Arbitrary<Statement> = fc.tuple(key, attributes).map(([place, item]) => ({
  item: itemOf(place),
  make: (prefix) => {
    const whole: Item = { ...item, ...place(prefix) };
    const members = Object.keys(whole).map((attribute) => `'${attribute}':?`);
    return {
      Statement: `INSERT INTO "${TABLE}" VALUE {${members.join(',')}}`,
      Parameters: Object.values(whole),
    };
  },
}));
const correction: fc.Arbitrary<Statement> = fc
  .tuple(
    key,
    fc.uniqueArray(fc.tuple(name, anyValue), { minLength: 1, maxLength: 2, selector: ([to]) => to }),
    fc.uniqueArray(name, { maxLength: 2 }),
    fc.option(fc.tuple(name, fc.constantFrom('<?', '=?', '>=?', ' IS MISSING'), scalar)),
    onFailure,
  )
  .map(([place, sets, removals, compared, ReturnValuesOnConditionCheckFailure]) => ({
    item: itemOf(place),
    make: (prefix) => {
      const { id, part } = place(prefix);
      const assignments = sets.map(([to]) => `"${to}"=?`).join(', ');
      const removed = removals.map((from) => ` REMOVE "${from}"`).join('');
      const more = compared === null ? '' : ` AND "${compared[0]}"${compared[1]}`;
      return {
        Statement: `UPDATE "${TABLE}" SET ${assignments}${removed} WHERE "id"=? AND "part"=?${more}`,
        Parameters: [
          ...sets.map(([, value]) => value),
          id,
          part,
          ...(compared?.[1].endsWith('?') ? [compared[2]] : []),
        ],
        ReturnValuesOnConditionCheckFailure,
      };
    },
  }));

function itemOf(place: MakeKey): string {
  const { id, part } = place('');
  return `${id.S} ${Number(part.N)}`;
}

/** Keys differ: DynamoDB Local does some of the statements before it finds two of them on one item. */
const statements: fc.Arbitrary<MakeCommand> = fc
  .uniqueArray(fc.oneof(insertion, correction), { minLength: 1, maxLength: 4, selector: ({ item }) => item })
  .map(
    (members) => (prefix) =>
      new BatchExecuteStatementCommand({ Statements: members.map(({ make }) => make(prefix)) }),
  );

const batch: fc.Arbitrary<MakeCommand> = fc
  .array(fc.tuple(key, fc.option(attributes)), { minLength: 1, maxLength: 3 })
  .map(
    (writes) => (prefix) =>
      new BatchWriteItemCommand({
        RequestItems: {
          [TABLE]: writes.map(
            ([place, item]): WriteRequest =>
              item === null
                ? { DeleteRequest: { Key: place(prefix) } }
                : { PutRequest: { Item: { ...item, ...place(prefix) } } },
          ),
        },
      }),
  );

const reads: fc.Arbitrary<MakeCommand> = fc.array(key, { minLength: 1, maxLength: 3 }).map(
  (places) => (prefix) =>
    new TransactGetItemsCommand({
      TransactItems: places.map((place) => ({ Get: { TableName: TABLE_NAME, Key: place(prefix) } })),
    }),
);

const command: fc.Arbitrary<MakeCommand> = fc.oneof(
  { weight: 5, arbitrary: transaction },
  { weight: 4, arbitrary: single },
  { weight: 3, arbitrary: statements },
  batch,
  reads,
);

/** One token with one item, again, and then with another one: too rare among random commands to be met in each run. */
export const commandsWithOneToken: readonly MakeCommand[] = ['1', '1', '2'].map(
  (value) => (prefix) =>
    new TransactWriteItemsCommand({
      ClientRequestToken: `${prefix}token`,
      ReturnConsumedCapacity: 'TOTAL',
      TransactItems: [
        {
          Put: {
            TableName: TABLE,
            Item: { id: { S: `${prefix}a` }, part: { N: '1' }, value: { N: value } },
          },
        },
      ],
    }),
);

/** Commands in their order; some are sent again later, with whatever token they had. */
export const randomCommands: fc.Arbitrary<readonly MakeCommand[]> = fc
  .array(fc.tuple(command, fc.option(fc.nat({ max: 6 }), { freq: 3, nil: undefined })), {
    minLength: 1,
    maxLength: 14,
  })
  .map((made) => {
    const commands: MakeCommand[] = [];
    for (const [make, back] of made) {
      const earlier = back === undefined ? undefined : commands[commands.length - 1 - back];
      commands.push(earlier ?? make);
    }
    return commands;
  });
