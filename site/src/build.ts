/** Builds the site into `dist`: `npm run site:build`. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vitepress';
import { checkLinks } from './check-links.ts';
import { errorReference } from './error-reference.ts';
import { GENERATED_FOLDER } from './pages.ts';
import { publishedPackages } from './published-packages.ts';
import { writeStandalonePages } from './standalone-pages.ts';
import { templateReference } from './template-reference.ts';
import { writeApiReference } from './write-api-reference.ts';

const site = join(import.meta.dirname, '..');
const root = join(site, '..');
const generated = join(root, GENERATED_FOLDER);

rmSync(generated, { recursive: true, force: true });
mkdirSync(generated, { recursive: true });
const project = await writeApiReference(publishedPackages(root), {
  folder: join(generated, 'api'),
  tsconfig: join(site, 'tsconfig.api.json'),
});
writeFileSync(join(generated, 'errors.md'), errorReference(project));
writeFileSync(
  join(generated, 'template-parameters.md'),
  templateReference(readFileSync(join(root, 'template.yaml'), 'utf8')),
);
await build(site);
writeStandalonePages({ root, folder: join(site, 'dist') });

const { problems, pages, links } = checkLinks(join(site, 'dist'));
for (const problem of problems) {
  console.error(problem);
}
console.log(`site/dist: ${pages} pages, ${links} links within the site, ${problems.length} of them broken`);
console.log('Any server of static files shows it, for example: python3 -m http.server --directory site/dist');
process.exitCode = problems.length === 0 ? 0 : 1;
