/**
 * Writes what CloudFormation needs to take existing tables into a stack that does not exist yet.
 *
 *     node scripts/adopt-tables.mjs --stack-name NAME --names NAMES [--folder FOLDER] TABLE [TABLE …]
 *
 * NAMES is the parameter `Names` of the stack to be; TABLE a logical id of template.yaml, such as StateTable. Reads what `sam build`
 * made. Writes into FOLDER (default: adopt) `template.json`, which has these tables and nothing else, as an import demands, and
 * `resources.json`, which says what they are called; prints the commands that come next. Asks nothing of AWS. Ends with 2 when it
 * could not be understood.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const built = join(root, '.aws-sam', 'build', 'template.yaml');

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}

function main() {
  const { values, positionals: tables } = parseArgs({
    options: {
      'stack-name': { type: 'string' },
      names: { type: 'string' },
      folder: { type: 'string', default: 'adopt' },
    },
    allowPositionals: true,
  });
  const { 'stack-name': stackName, names, folder } = values;
  if (stackName === undefined || names === undefined || tables.length === 0) {
    throw new Error('Usage: node scripts/adopt-tables.mjs --stack-name NAME --names NAMES TABLE [TABLE …]');
  }
  if (!existsSync(built)) {
    throw new Error(`There is no ${relative(root, built)}: run scripts/sam.sh build`);
  }
  const template = parse(readFileSync(built, 'utf8'));
  const resources = Object.fromEntries(tables.map((id) => [id, adoptableTable(template, id)]));
  const { AWSTemplateFormatVersion, Parameters, Conditions } = template;
  mkdirSync(folder, { recursive: true });
  write(join(folder, 'template.json'), {
    AWSTemplateFormatVersion,
    Parameters,
    Conditions,
    Resources: resources,
  });
  write(
    join(folder, 'resources.json'),
    tables.map((id) => ({
      ResourceType: 'AWS::DynamoDB::Table',
      LogicalResourceId: id,
      ResourceIdentifier: { TableName: nameOf(id, { names, stackName }) },
    })),
  );
  console.log(`aws cloudformation create-change-set --change-set-type IMPORT --change-set-name adopt --stack-name ${stackName} \\
  --template-body file://${folder}/template.json --resources-to-import file://${folder}/resources.json \\
  --parameters ParameterKey=Names,ParameterValue=${names}
aws cloudformation wait change-set-create-complete --change-set-name adopt --stack-name ${stackName}
aws cloudformation execute-change-set --change-set-name adopt --stack-name ${stackName}
aws cloudformation wait stack-import-complete --stack-name ${stackName}`);
}

function adoptableTable(template, id) {
  const resource = template.Resources[id];
  if (resource?.Type !== 'AWS::DynamoDB::Table') {
    throw new Error(`template.yaml has no table ${id}`);
  }
  if (resource.Condition !== undefined) {
    throw new Error(`${id} is not in every stack, and holds nothing that must be kept`);
  }
  return resource;
}

/** As template.yaml makes names from its parameter `Names`. */
function nameOf(id, { names, stackName }) {
  if (names === 'lab') {
    return id;
  }
  return `${names === 'stack' ? stackName : names}-${id}`;
}

function write(file, value) {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
