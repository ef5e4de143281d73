/** Types of bundle.mjs for the test that looks into the bundles. */
import type { BuildOptions } from 'esbuild';

/** Options of one bundle; nothing is written. */
export function bundleOptions(entry: string): BuildOptions & { readonly metafile: true; readonly write: false };
