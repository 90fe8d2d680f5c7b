import { type Command, Option } from 'commander';
import { createAwsClients, endpointOf } from './aws-clients.ts';
import { type DeployedStack, readStack } from './read-stack.ts';

/** What {@link addStackOption} adds to the options of a command. */
export interface StackOptions {
  /** Name of a deployed stack, whose names win over the defaults of the command and not over what is typed. */
  readonly stack?: string;
  readonly region?: string;
  /** Options that were typed, or taken from the environment. */
  readonly given?: readonly string[];
}

/** Adds `--stack` to a command that works on AWS. */
export function addStackOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--stack <name>',
      'deployed stack to take the names of tables, stream and bucket from; options that are typed win over it',
    ).env('ONCEFOLD_STACK'),
  );
}

/** The options of a command that do not have their default value: what a stack says does not replace them. */
export function givenOptions(command: Command): readonly string[] {
  const names = Object.keys(command.opts());
  return names.filter((name) => !['default', undefined].includes(command.getOptionValueSource(name)));
}

/**
 * Reads the stack that `--stack` names, and fills in the options that were not given.
 *
 * @param fill - says which options the stack fills in; those that it leaves undefined keep their default
 * @returns the options, and the stack; no stack where none was named
 */
export async function withStack<Options extends StackOptions>(
  options: Options,
  {
    signal,
    fill,
  }: { readonly signal: AbortSignal; readonly fill: (stack: DeployedStack) => Partial<Options> },
): Promise<{ readonly options: Options; readonly stack: DeployedStack | undefined }> {
  if (options.stack === undefined) {
    return { options, stack: undefined };
  }
  const clients = createAwsClients({ ...(options.region !== undefined && { region: options.region }) });
  try {
    const endpoint = endpointOf('CLOUDFORMATION');
    const stack = await readStack(clients.cloudFormation, options.stack, { signal, endpoint });
    const given = new Set(options.given ?? []);
    const filled = Object.entries(fill(stack)).filter(
      ([name, value]) => value !== undefined && !given.has(name),
    );
    return { options: { ...options, ...Object.fromEntries(filled) }, stack };
  } finally {
    clients.destroy();
  }
}
