/** What a shell knows by itself, keywords included. */
const OF_THE_SHELL: ReadonlySet<string> = new Set([
  ...['if', 'then', 'else', 'fi', 'for', 'while', 'until', 'do', 'done', '!', '{', '}'],
  ...['cd', 'export', 'echo', 'exit', 'kill', 'read', 'wait', '['],
]);
/** Takes the place of text in quotes. */
const QUOTED = '…';
/** After these, a command follows. */
const BEFORE_COMMANDS: ReadonlySet<string> = new Set([
  'if',
  'then',
  'else',
  'while',
  'until',
  'do',
  '!',
  '{',
]);
/** What tells one part of a line from the next. */
const BETWEEN_COMMANDS = /\|\|?|&&|;|\$\(|\)|(?<![>&])&(?![>&])|\n/;

/**
 * Finds the programs that a piece of shell starts.
 *
 * It reads what documents have: pipes, lists, loops, command substitutions, arithmetic, quotes. Text in quotes is no command, but for
 * substitutions within double quotes.
 *
 * @param text - as bash reads it, without prompts
 * @returns the words in the place of a command, without what the shell has itself
 */
export function shellCommands(text: string): readonly string[] {
  const plain = text
    .replaceAll(/\\\n/g, ' ')
    .replaceAll(/'[^']*'/g, QUOTED)
    .replaceAll(/\$\(\((.*?)\)\)/g, (_, arithmetic: string) => substitutionsOf(arithmetic))
    .replaceAll(/"([^"]*)"/g, (_, inner: string) => `${QUOTED}${substitutionsOf(inner)}`)
    .replaceAll(/(^|\s)#.*$/gm, '');
  return plain.split(BETWEEN_COMMANDS).flatMap((part) => {
    const words = part.trim().split(/\s+/);
    while (BEFORE_COMMANDS.has(words[0] ?? '') || /^\w+=/.test(words[0] ?? '')) {
      words.shift();
    }
    const [command = ''] = words;
    return command === '' || command.startsWith(QUOTED) || OF_THE_SHELL.has(command) ? [] : [command];
  });
}

function substitutionsOf(quoted: string): string {
  return (quoted.match(/\$\([^)]*\)/g) ?? []).join(' ');
}
