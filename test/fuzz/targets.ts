/** The targets by the names that the command line knows. */
import { CaptureTarget } from './capture-target.ts';
import { captureSeeds } from './capture-seeds.ts';
import { DecodeTarget } from './decode-target.ts';
import { formats } from './formats.ts';
import { FormatTarget } from './format-target.ts';
import { FRAME_HEAD, inAps, inNwk, lying, onAir, type Way } from './frames.ts';
import { captureFiles, material, type Material } from './frame-sources.ts';
import { RxTarget } from './rx-target.ts';
import type { Target } from './target.ts';

/** Groups of targets. */
export const GROUPS = ['rx', 'capture', 'clusters'] as const;
/** Name of a group. */
export type Group = (typeof GROUPS)[number];

/** Makes the targets of a group for a core; `corpus` says whether captures of the field are among the seeds, where there are any. */
export async function targetsOf(group: Group, module: WebAssembly.Module, corpus = true): Promise<readonly Target[]> {
  switch (group) {
    case 'rx':
      return framesOf(module, await material(corpus)).map(({ way, seeds }) => new RxTarget(module, way, seeds));
    case 'capture':
      return [new CaptureTarget(captureSeeds(corpus ? captureFiles() : []))];
    case 'clusters':
      return [
        new FormatTarget(formats()),
        ...framesOf(module, await material(corpus)).map(({ way, seeds }) => new DecodeTarget(module, way, seeds)),
      ];
  }
}

/** Each way with its seeds: the material, under every flag and state that makes a difference to it. */
export function framesOf(
  module: WebAssembly.Module,
  found: Material,
): readonly { readonly way: Way; readonly seeds: readonly Uint8Array[] }[] {
  const seeds = (bodies: readonly Uint8Array[], heads: readonly (readonly number[])[]): Uint8Array[] =>
    bodies.flatMap((body) => heads.map((head) => Uint8Array.from([...head, ...body])));
  const states = [0, 1, 2].flatMap((state) => [0, 4].map((flags) => [flags, state]));
  const under = (...tails: (readonly number[])[]): number[][] => states.flatMap((state) => tails.map((tail) => [...state, ...tail]));
  const sealings = [0, 1, 2].flatMap((type) => [0, 2, 4].map((key) => [type, key]));
  const lies = [0x00, 0x02, 0x12, 0x0a, 0x1e].map((a) => [a, 0x01]);
  return [
    { way: onAir(), seeds: seeds(found.air, [...under([0, 0]), [0, 0, 1, 0], [2, 0, 1, 0], [1, 0, 1, 0]]) },
    { way: inNwk(module), seeds: [...seeds(found.apsFrames, under([0, 0])), ...seeds(found.nwkCommands, under([1, 0]))] },
    { way: inAps(module), seeds: seeds(found.apsPayloads, under(...sealings)) },
    { way: lying(), seeds: seeds(found.nwk, under(...lies)) },
  ].map(({ way, seeds: all }) => ({ way, seeds: all.map((seed) => seed.subarray(0, FRAME_HEAD + way.limit)) }));
}
