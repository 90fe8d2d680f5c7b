// Goal: a function of any runtime that runs here is read, with its layers; any other is named.
import { describe, expect, it } from 'vitest';
import { readText, reports, withStreams } from './read-text.ts';

const functionOf = (properties: string): string => `F:
  Type: AWS::Serverless::Function
  Properties:
    CodeUri: src
    Events: { E: { Type: Kinesis, Properties: { Stream: !GetAtt S.Arn, StartingPosition: LATEST } } }
${properties.replace(/^(?=.)/gm, '    ')}`;

describe('readTemplate of functions', () => {
  it.each([
    ['python3.13', 'Handler: app.handler', 'app.handler'],
    ['java21', 'Handler: example.Handler::handleRequest', 'example.Handler::handleRequest'],
    ['nodejs24.x', 'Handler: index.nested.deep.handler', 'index.nested.deep.handler'],
    ['provided.al2023', '', 'bootstrap'],
    ['provided.al2', 'Handler: main', 'main'],
  ])('reads one of the runtime %s', async (runtime, properties, handler) => {
    const { functions, mappings, unsupported } = await readText(
      withStreams(functionOf(`Runtime: ${runtime}\n${properties}`)),
    );
    expect(functions).toMatchObject([{ logicalId: 'F', runtime, handler, layers: [] }]);
    expect(mappings).toHaveLength(1);
    expect(unsupported).toEqual([]);
  });

  it.each(['dotnet8', 'ruby3.4', 'go1.x'])('reports one of the runtime %s', async (runtime) => {
    const application = await readText(withStreams(functionOf(`Runtime: ${runtime}\nHandler: a.b`)));
    expect(application.functions).toEqual([]);
    expect(reports(application)).toEqual([`F: a function of the runtime ${runtime} is not emulated`]);
  });

  it.each([
    ['AWS_REGION', 'Lambda sets it itself and refuses it here'],
    ['AWS_SESSION_TOKEN', 'Lambda sets it itself and refuses it here'],
    ['_HANDLER', 'Lambda sets it itself and refuses it here'],
    ['A', 'is no name for a variable: Lambda takes a letter, and then letters, digits and underscores'],
    ['_A', 'is no name for a variable: Lambda takes a letter, and then letters, digits and underscores'],
    [
      'my-table',
      'is no name for a variable: Lambda takes a letter, and then letters, digits and underscores',
    ],
  ])('refuses the variable %s, as Lambda does', async (name, problem) => {
    const properties = `Runtime: nodejs24.x\nHandler: a.b\nEnvironment: { Variables: { ${name}: x } }`;
    await expect(readText(withStreams(functionOf(properties)))).rejects.toThrow(
      `Resources.F.Properties.Environment.Variables.${name}: ${problem}`,
    );
  });

  it('takes variables that Lambda lets a function set', async () => {
    const names = ['TZ', 'LANG', 'PATH', 'NODE_OPTIONS', 'AWS_ENDPOINT_URL', 'AWS_LAMBDA_EXEC_WRAPPER', 'b1'];
    const variables = names.map((name) => `${name}: x`).join(', ');
    const properties = `Runtime: nodejs24.x\nHandler: a.b\nEnvironment: { Variables: { ${variables} } }`;
    const { functions } = await readText(withStreams(functionOf(properties)));
    expect(Object.keys(functions[0]?.environment ?? {})).toEqual(names);
  });

  it.each(['bad name', 'x'.repeat(65), 'a.b'])('refuses the name "%s", as Lambda does', async (name) => {
    const properties = `Runtime: nodejs24.x\nHandler: a.b\nFunctionName: ${name}`;
    await expect(readText(withStreams(functionOf(properties)))).rejects.toThrow(
      `Resources.F.Properties.FunctionName: ${name} is no name that Lambda takes`,
    );
  });

  it('needs a handler where the runtime does not provide one', async () => {
    expect(reports(await readText(withStreams(functionOf('Runtime: python3.13'))))).toEqual([
      'F: a function needs a handler and a runtime',
    ]);
  });

  const mapping =
    'M: { Type: AWS::Lambda::EventSourceMapping, Properties: { FunctionName: !Ref F, EventSourceArn: !GetAtt S.Arn, StartingPosition: LATEST } }';

  it.each([
    ['InlineCode', functionOf(`Runtime: python3.13\nHandler: index.handler\nInlineCode: !Sub "# \${S}"`)],
    [
      'ZipFile',
      `F: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs24.x, Handler: index.handler, Code: { ZipFile: !Sub "# \${S}" } } }\n${mapping}`,
    ],
  ])('reads code in the template, in %s, before any folder', async (_, text) => {
    const { functions, unsupported } = await readText(withStreams(text));
    expect(functions).toMatchObject([{ inlineCode: '# S', codeUri: '' }]);
    expect(unsupported).toEqual([]);
  });

  it('reports code in the template of a language that is compiled, and code in a bucket', async () => {
    const stored = (id: string, code: string): string =>
      `${id}: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs24.x, Handler: a.b, Code: ${code} } }`;
    const application = await readText(
      withStreams(`${functionOf('Runtime: java21\nHandler: a.B\nInlineCode: x')}
${stored('G', '{ S3Bucket: b, S3Key: k }')}
${stored('H', 's3://b/k')}`),
    );
    expect(application.functions).toEqual([]);
    expect(reports(application)).toEqual([
      'F: a function of the runtime java21 cannot have its code in the template',
      'G: a function whose code is in a bucket is not emulated',
      'H: a function whose code is in a bucket is not emulated',
    ]);
  });

  it('leaves code in the template unknown where nothing runs it, and refuses it where a stream does', async () => {
    const resource = `F: { Type: AWS::Lambda::Function, Properties: { Runtime: nodejs24.x, Handler: index.handler, Code: { ZipFile: !ImportValue v } } }`;
    const { functions } = await readText(withStreams(resource));
    expect(functions).toMatchObject([{ logicalId: 'F', codeUri: '' }]);
    await expect(readText(withStreams(`${resource}\n${mapping}`))).rejects.toThrow(
      /Resources\.F\.Properties\.Code\.ZipFile: .*ImportValue/,
    );
  });

  it('finds the folders of its layers in their order, and reports those that are elsewhere', async () => {
    const application = await readText(
      withStreams(`${functionOf(`Runtime: python3.13
Handler: a.b
Layers:
  - !Ref Own
  - arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertools:1
  - !Ref Plain
  - !Ref Stored`)}
Own: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layers/own, CompatibleRuntimes: [python3.13] } }
Plain: { Type: AWS::Lambda::LayerVersion, Properties: { LayerName: plain, Content: layers/plain } }
Stored: { Type: AWS::Lambda::LayerVersion, Properties: { Content: { S3Bucket: b, S3Key: k } } }`),
    );
    expect(application.functions[0]?.layers).toEqual(['layers/own', 'layers/plain']);
    expect(reports(application)).toEqual([
      'Stored: a layer whose content is in a bucket is not emulated',
      'F: Layers.1: the layer arn:aws:lambda:us-east-1:017000801446:layer:AWSLambdaPowertools:1 is not in this template',
      'F: Layers.3: the layer arn:aws:lambda:us-east-1:123456789012:layer:Stored:1 is not in this template',
    ]);
  });

  it('gives the folder of a nested layer from the root', async () => {
    const nested = `Resources:
  L: { Type: AWS::Lambda::LayerVersion, Properties: { Content: layer } }
Outputs: { Layer: { Value: !Ref L } }`;
    const { functions } = await readText(
      withStreams(`N: { Type: AWS::Serverless::Application, Properties: { Location: stacks/nested.yaml } }
${functionOf('Runtime: python3.13\nHandler: a.b\nLayers: [!GetAtt N.Outputs.Layer]')}`),
      { files: { 'stacks/nested.yaml': nested } },
    );
    expect(functions[0]?.layers).toEqual(['stacks/layer']);
  });

  it('refuses a value that only AWS knows where a fed function needs it, and says what to do', async () => {
    const text = withStreams(functionOf("Runtime: nodejs24.x\nHandler: a.b\nTimeout: '{{resolve:ssm:/t}}'"));
    await expect(readText(text)).rejects.toThrow(
      /^Resources\.F\.Properties\.Timeout: the dynamic reference \{\{resolve:ssm:\/t\}\} is not emulated; .*--parameter-overrides/,
    );
    const application = await readText(text.replace(/Events:.*/, ''));
    expect(reports(application)).toEqual([
      'F: Timeout: the dynamic reference {{resolve:ssm:/t}} is not emulated',
    ]);
  });
});
