/**
 * Each check of what was ordered, taken out of the host's source in turn: the file that it alone should stop is then accepted. The
 * core's own checks are taken out in test/assembly/image/checks.test.ts. The second table of docs/security.md lists these.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { buildImage } from '../../../firmware/image/build.ts';
import { verifyImage } from '../../../host/core/image.ts';
import { compile } from '../../../host/core/module.ts';
import { digest, eui64 } from '../../../host/model/ids.ts';
import type { ImageExpectation } from '../../../host/model/image.ts';
import { wasm } from '../../kit/core.ts';
import { ROOT } from '../../kit/gates/source.ts';

const SOURCE = `${ROOT}host/core/image-expected.ts`;
const DEVICE = eui64('02000000000000aa');
const image = buildImage({
  manufacturer: 0x1ab3,
  imageType: 0x84,
  fileVersion: 0x102,
  text: 'removals',
  hardware: { min: 2, max: 4 },
  destination: DEVICE,
  elements: [{ tag: 0, data: new Uint8Array(40) }],
});
const sha256 = digest(createHash('sha256').update(image).digest());
const met: Required<Omit<ImageExpectation, 'trust' | 'integrityRequired' | 'signatureRequired' | 'body'>> = {
  digest: sha256,
  length: image.length,
  maximumSize: image.length,
  manufacturer: 0x1ab3,
  imageType: 0x84,
  fileVersion: 0x102,
  hardwareVersion: 2,
  destination: DEVICE,
};

interface Removal {
  readonly code: string;
  readonly name: string;
  /** What was ordered instead of this file. */
  readonly ordered: ImageExpectation;
  /** A place of the source, and what stands there without the check. */
  readonly text: string;
  readonly without: string;
}

const REMOVALS: readonly Removal[] = [
  {
    code: 'digest',
    name: 'a file of another SHA-256 than the one that was signed for is refused',
    ordered: { digest: digest(new Uint8Array(32)) },
    text: 'sha256 === digest,',
    without: 'true,',
  },
  {
    code: 'length',
    name: 'a file of another length than the one that was signed for is refused',
    ordered: { length: image.length + 1 },
    text: 'length === expectation.length,',
    without: 'true,',
  },
  {
    code: 'maximum-size',
    name: 'a file above the maximum of its manufacturer is refused',
    ordered: { maximumSize: image.length - 1 },
    text: 'length <= maximumSize,',
    without: 'true,',
  },
  {
    code: 'manufacturer',
    name: 'a file of another manufacturer than its device is refused',
    ordered: { manufacturer: 0x1ab4 },
    text: "field('manufacturer', 4, manufacturer, 'manufacturer', [10, 12]);",
    without: '',
  },
  {
    code: 'image-type',
    name: 'a file of another image type than its device is refused',
    ordered: { imageType: 0x85 },
    text: "field('image-type', 4, imageType, 'imageType', [12, 14]);",
    without: '',
  },
  {
    code: 'file-version',
    name: 'a file of another version than the one that was signed for is refused',
    ordered: { fileVersion: 0x103 },
    text: "field('file-version', 8, fileVersion, 'fileVersion', [14, 18]);",
    without: '',
  },
  {
    code: 'hardware-range',
    name: 'a file for other hardware versions than that of its device is refused',
    ordered: { hardwareVersion: 5 },
    text: 'range.min <= version && version <= range.max;',
    without: 'true;',
  },
  {
    code: 'destination',
    name: 'a file that names another device is refused',
    ordered: { destination: eui64('02000000000000ab') },
    text: 'found === device ?',
    without: 'true ?',
  },
];

const module = await compile(wasm('core'));
const folder = mkdtempSync(join(tmpdir(), 'hearthgate-removals-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The verifier with one check taken out. Throws when its text does not stand in the source exactly once. */
async function without({ code, text, without }: Removal): Promise<typeof verifyImage> {
  const source = readFileSync(SOURCE, 'utf8');
  if (source.split(text).length !== 2) throw new Error(`${code}: ${text} does not stand once in ${SOURCE}`);
  const changed = source.replace(text, without);
  const { outputFiles } = await build({
    entryPoints: [`${ROOT}host/core/image.ts`],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    plugins: [
      {
        name: 'one check out',
        setup: ({ onLoad }) => onLoad({ filter: /image-expected\.ts$/ }, () => ({ contents: changed, loader: 'ts' })),
      },
    ],
  });
  const path = join(folder, `${code}.mjs`);
  writeFileSync(path, outputFiles[0]!.contents);
  return ((await import(/* @vite-ignore */ pathToFileURL(path).href)) as { verifyImage: typeof verifyImage }).verifyImage;
}

test('what was ordered is accepted', () => expect(verifyImage(module, [image], met).verdict).toBe('accepted'));

describe('with all checks in place', () => {
  test.each(REMOVALS.map((each) => [each.name, each] as const))('%s', (_, { code, ordered }) =>
    expect(verifyImage(module, [image], { ...met, ...ordered })).toMatchObject({ verdict: 'refused', code }),
  );
});

describe('with that one taken out', () => {
  test.each(REMOVALS.map((each) => [each.code, each] as const))('%s: the file is accepted', async (_, removal) => {
    const changed = await without(removal);
    expect(changed(module, [image], { ...met, ...removal.ordered }).verdict).toBe('accepted');
    for (const other of REMOVALS.filter((each) => each !== removal))
      expect(changed(module, [image], { ...met, ...other.ordered })).toMatchObject({ verdict: 'refused', code: other.code });
  });
  test('docs/security.md lists them all', () => {
    const page = readFileSync(`${ROOT}docs/security.md`, 'utf8');
    const written = [...page.matchAll(/^\| `([a-z-]+)` +\| ([^|]+?) +\| accepted +\|$/gm)].map(([, code, name]) => [code, name]);
    expect(written).toEqual(REMOVALS.map(({ code, name }) => [code, name]));
  });
});
