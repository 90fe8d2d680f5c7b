import { type DeclarationReflection, type ProjectReflection, ReflectionKind } from 'typedoc';

/**
 * @param project - as `writeApiReference` has read it
 * @returns a page with every error of the packages, in Markdown
 */
export function errorReference(project: ProjectReflection): string {
  const sections = (project.children ?? []).flatMap((module) => {
    const errors = (module.children ?? []).filter(isError).map((error) => errorSection(module, error));
    return errors.length === 0 ? [] : [`## ${module.name}\n\n${errors.join('\n\n')}`];
  });
  return `# Errors

Every error that a published package throws has a literal \`code\`. A handler that lets one through fails its invocation: the mapping delivers the batch
again, and nothing counts twice. No message has a payload, a token or a key's value.

${sections.join('\n\n')}
`;
}

function isError(reflection: DeclarationReflection): boolean {
  return reflection.kindOf(ReflectionKind.Class) && reflection.name.endsWith('Error');
}

function errorSection(module: DeclarationReflection, error: DeclarationReflection): string {
  const property = (name: string): DeclarationReflection | undefined =>
    error.children?.find((child) => child.name === name);
  const means = (error.comment?.summary ?? []).map(({ text }) => text).join('');
  const isRetryable = property('retryable')?.defaultValue === 'true';
  return `### ${error.name}

${means}

- \`code\`: ${codesOf(module, property('code'))}
- ${isRetryable ? 'The same batch may succeed when it is delivered again.' : 'The same batch fails again, until code or data are changed.'}
- [Its properties](api/${module.name}/classes/${error.name}.md)`;
}

/** A class with several codes names their type, a union. */
function codesOf(module: DeclarationReflection, code: DeclarationReflection | undefined): string {
  const type = code?.type?.toString() ?? '';
  const union = module.children?.find(({ name }) => name === type)?.type?.toString() ?? type;
  return [...union.matchAll(/"([^"]+)"/g)].map(([, literal = '']) => `\`${literal}\``).join(', ');
}
