/**
 * The programs beside their WebAssembly and the native part of the LMDB store: dist/gateway.mjs (what a hub runs), one file;
 * dist/hearthgate.mjs (every verb) with its parts, so that a verb loads no more than it runs; and dist/han-decode.js, which
 * the latter starts for that verb, one script whose compiled code can be kept. `dist/` alone, copied anywhere, runs.
 *
 * - lmdb finds its native file by a walk up from its own folder; in a bundle the file is native/<platform>-<arch>/lmdb.node.
 * - serialport stays outside: it is loaded only when a serial radio is configured, from where the operator installed it.
 * - pino's worker transports and the native string extractors of cbor-x and msgpackr are left out: they are not used.
 */
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { basename, parse } from 'node:path';
import { place } from './files.mjs';
import { licencesOf } from './licences.mjs';
import { root } from './root.mjs';

/** A script is an expression: a function of `require` and of where the script stands. */
const SCRIPT = {
  format: 'cjs',
  banner: { js: '(function (require, scriptUrl) { const module = { exports: {} };' },
  footer: { js: '})' },
  define: { 'import.meta.url': 'scriptUrl' },
};

/** File of dist/, the entry it is made from, and what it is made otherwise. */
export const PROGRAMS = [
  ['gateway.mjs', 'host/cli/gateway.ts', {}],
  ['hearthgate.mjs', 'host/cli/start.ts', { splitting: true }],
  ['han-decode.js', 'host/cli/han.ts', SCRIPT],
];
/** Parts stand beside their program: everything finds `dist/` by its own place. */
const PART = /^part-.*\.mjs$/;

const NATIVE = `native/${process.platform}-${process.arch}/lmdb.node`;
const LEFT_OUT = /^(thread-stream|cbor-extract|msgpackr-extract)$/;
const BANNER = `import { createRequire as bundleRequire } from 'node:module';\nconst require = bundleRequire(import.meta.url);`;

/** Options of one bundle, for the build and for tests that look at its metafile. */
export const bundleOptions = (entry) => ({
  absWorkingDir: root,
  entryPoints: [entry],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['serialport'],
  banner: { js: BANNER },
  legalComments: 'none',
  metafile: true,
  write: false,
  logLevel: 'silent',
  plugins: [nativeStore, leftOut],
});

/** One step: the bundles share their sources. */
export function bundleSteps() {
  return [
    {
      name: 'dist/*.mjs and dist/*.js',
      sources: ['assembly/abi', 'host', 'firmware', 'seeds', 'package.json', 'package-lock.json', '.ci/bundle.mjs', '.ci/licences.mjs'],
      outputs: [...PROGRAMS.map(([file]) => `dist/${file}`), `dist/${NATIVE}`, 'dist/LICENSES.txt'],
      run: async () => {
        const { build } = await import('esbuild');
        const inputs = new Set();
        const made = new Set();
        for (const [file, entry, otherwise] of PROGRAMS) {
          const { name, ext } = parse(file);
          const names = { entryNames: name, chunkNames: 'part-[hash]', outExtension: { '.js': ext } };
          const result = await build({ ...bundleOptions(entry), outdir: `${root}dist`, ...names, ...otherwise });
          for (const input of Object.keys(result.metafile.inputs)) inputs.add(input);
          for (const { path, contents } of result.outputFiles) {
            made.add(basename(path));
            place(`dist/${basename(path)}`, contents);
          }
        }
        for (const file of readdirSync(`${root}dist`)) if (PART.test(file) && !made.has(file)) rmSync(`${root}dist/${file}`);
        place(`dist/${NATIVE}`, readFileSync(nativeFile()));
        place('dist/LICENSES.txt', licencesOf(inputs));
      },
    },
  ];
}

const nativeStore = {
  name: 'native-store',
  setup(build) {
    build.onResolve({ filter: /^node-gyp-build-optional-packages$/ }, (args) =>
      args.importer.endsWith('/lmdb/native.js') ? { path: 'lmdb.node', namespace: 'native-store' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'native-store' }, () => ({
      contents: [
        `import { createRequire } from 'node:module';`,
        'const file = `./native/${process.platform}-${process.arch}/lmdb.node`;',
        'export default () => createRequire(import.meta.url)(file);',
      ].join('\n'),
    }));
  },
};

/** Loading an optional extractor fails, as where it is not installed; a worker transport fails only when somebody asks for one. */
const leftOut = {
  name: 'left-out',
  setup(build) {
    build.onResolve({ filter: LEFT_OUT }, (args) => ({ path: args.path, namespace: 'left-out' }));
    build.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => {
      const failure = `throw new Error('${path} is not part of this program');`;
      return { contents: path === 'thread-stream' ? `module.exports = function () { ${failure} };` : failure };
    });
  },
};

/** lmdb's prebuilt file for this machine: the one of the stable Node-API, which any Node version loads. */
function nativeFile() {
  const folder = `${root}node_modules/@lmdb/lmdb-${process.platform}-${process.arch}`;
  if (!existsSync(folder)) throw new Error(`there is no prebuilt LMDB for ${process.platform}-${process.arch} (expected ${folder})`);
  const libc = process.platform !== 'linux' ? '' : process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
  const name = readdirSync(folder).find((file) => file.endsWith('.node') && file.includes('napi') && file.includes(libc));
  if (name === undefined) throw new Error(`no Node-API build of LMDB for ${libc || process.platform} in ${folder}`);
  return `${folder}/${name}`;
}
