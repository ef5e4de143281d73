/** The rows of seeds/frames/. */
import { readFileSync } from 'node:fs';
import { bytes, withFcs } from './frame-oracle.ts';

/** A frame and what is read of it. */
export interface Accepted {
  readonly name: string;
  readonly frame: string;
  readonly reads: Readonly<Record<string, unknown>>;
}

/** A frame and why it is refused. */
export interface Refused {
  readonly code: string;
  readonly offset: number;
  readonly frame: string;
  readonly why: string;
}

/** A secured frame with everything that went into it. */
export interface Secured {
  readonly layer: 'nwk' | 'aps' | 'captured';
  readonly name: string;
  readonly network_key?: string;
  readonly key_seq?: number;
  readonly link_key?: string;
  readonly key_id?: number;
  readonly key_used?: string;
  readonly src_ieee_le?: string;
  readonly frame_counter?: number;
  readonly nonce: string;
  readonly aad: string;
  readonly plaintext_payload?: string;
  readonly frame?: string;
  readonly psdu?: string;
  readonly valid: boolean | string;
}

const rows = <T>(name: string): readonly T[] =>
  JSON.parse(readFileSync(new URL(`../../seeds/frames/${name}.json`, import.meta.url), 'utf8')) as T[];

/** seeds/frames/accepted.json */
export const accepted = (): readonly Accepted[] => rows('accepted');
/** Rows of seeds/frames/refused.json whose code begins with the layer's name. */
export const refused = (layer: string): readonly Refused[] => rows<Refused>('refused').filter((row) => row.code.startsWith(`${layer}-`));
/** seeds/frames/secured.json */
export const secured = (): readonly Secured[] => rows('secured');
/** The PSDU of a row, FCS included. */
export const psdu = (row: { readonly frame: string }): Uint8Array => withFcs(bytes(row.frame));
