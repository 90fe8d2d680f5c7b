import { Application, Comment, type ProjectReflection, type TypeDocOptions } from 'typedoc';
import { load as markdown } from 'typedoc-plugin-markdown';
import type { PublishedPackage } from './published-packages.ts';
import { subpathDescription } from './subpath-descriptions.ts';

const settings = {
  plugin: [markdown],
  name: 'API',
  readme: 'none',
  // The repository's own compiler checks the types; this one reads them.
  skipErrorChecking: true,
  alwaysCreateEntryPointModule: true,
  disableSources: true,
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  logLevel: 'Warn',
  // A doc comment may name what its own file does not import; the name is then shown without a link.
  validation: { invalidLink: false, notExported: false, notDocumented: false },
  // What follows is of typedoc-plugin-markdown.
  router: 'member',
  entryFileName: 'index',
  hideBreadcrumbs: true,
  hideGenerator: true,
  hidePageHeader: true,
  indexFormat: 'table',
  interfacePropertiesFormat: 'table',
  parametersFormat: 'table',
  sanitizeComments: true,
  typeDeclarationFormat: 'table',
  useCodeBlocks: true,
};

/**
 * Writes the API of packages as Markdown: a page for each entry point and for each of its exports.
 *
 * @param packages - whose entry points are read
 * @param options.folder - absolute; it is written anew
 * @param options.tsconfig - absolute
 * @returns what was read, for other pages
 */
export async function writeApiReference(
  packages: readonly PublishedPackage[],
  options: { readonly folder: string; readonly tsconfig: string },
): Promise<ProjectReflection> {
  const application = await Application.bootstrapWithPlugins({
    ...settings,
    entryPoints: packages.flatMap(({ entries }) => [...entries.values()]),
    tsconfig: options.tsconfig,
  } as Partial<TypeDocOptions>);
  const project = await application.convert();
  if (project === undefined) {
    throw new Error('TypeDoc could not read the packages');
  }
  nameModules(project, packages);
  await application.outputs.writeOutput({ name: 'markdown', path: options.folder }, project);
  return project;
}

/** By what is imported instead of where it is. */
function nameModules(project: ProjectReflection, packages: readonly PublishedPackage[]): void {
  for (const module of project.children ?? []) {
    const source = project.getSymbolIdFromReflection(module)?.fileName;
    for (const { name, description, entries } of packages) {
      for (const [specifier, file] of entries) {
        if (file === source) {
          module.name = specifier.replace('@oncefold/', '');
          const text = specifier === name ? description : subpathDescription(module.name);
          module.comment ??= new Comment([{ kind: 'text', text }]);
        }
      }
    }
  }
}
