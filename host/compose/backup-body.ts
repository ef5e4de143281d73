/**
 * What a backup of a gateway says: the open coordinator backup format (zigpy/open-coordinator-backup, version 1) and, under
 * `stack_specific`, what only this product knows. Keys stand in it sealed by the core under the backup's key; in the plain form that other
 * tools read they stand in clear.
 */
import * as z from 'zod';
import { Fault } from '../model/fault.ts';
import type { Eui64, Fingerprint } from '../model/ids.ts';

const hexOf = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-fA-F]{${2 * bytes}}$`), `is not ${2 * bytes} hex digits`);
const eui = hexOf(8).transform((value) => value.toLowerCase() as Eui64);
const fingerprint = hexOf(8).transform((value) => value as Fingerprint);
const counter = z.int().min(0).max(0xffff_ffff);
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);

/** Fields of the open format that both forms have. */
const OPEN = {
  metadata: z.looseObject({
    format: z.literal('zigpy/open-coordinator-backup'),
    version: z.literal(1),
    source: z.string(),
    internal: z.looseObject({}).optional(),
  }),
  coordinator_ieee: eui,
  pan_id: hexOf(2),
  extended_pan_id: eui,
  nwk_update_id: z.int().min(0).max(255),
  security_level: z.int().min(0).max(7),
  channel: z.int().min(11).max(26),
  channel_mask: z.array(z.int().min(11).max(26)),
};

/** The plain form: keys in clear. A reader puts a stand-in where each key was before this is parsed. */
export const plainSchema = z.looseObject({
  ...OPEN,
  network_key: z.looseObject({ key: hexOf(16), sequence_number: z.int().min(0).max(255), frame_counter: counter }),
  devices: z.array(
    z.looseObject({
      nwk_address: hexOf(2).nullish(),
      ieee_address: eui,
      link_key: z.looseObject({ key: hexOf(16), rx_counter: counter, tx_counter: counter }).nullish(),
    }),
  ),
});

/** The form within a backup of this product: keys sealed, everything that a gateway goes on with. */
export const bodySchema = z.strictObject({
  ...OPEN,
  network_key: z.strictObject({ sequence_number: z.int().min(0).max(255), frame_counter: counter }),
  devices: z.array(z.strictObject({ nwk_address: hexOf(2), ieee_address: eui, is_child: z.boolean() })),
  stack_specific: z.strictObject({
    hearthgate: z.strictObject({
      environment: z.enum(['lab', 'production']),
      /** Milliseconds since 1970, read before anything else was: no counter in it is older. */
      taken: z.int().min(0),
      keys: z.array(
        z.strictObject({
          purpose: z.enum(['network', 'install', 'link', 'certificate']),
          identity: z.string().max(64),
          sealed: base64,
          /** Absent for a certificate key. */
          fingerprint: fingerprint.optional(),
        }),
      ),
      outgoing: z.record(z.string(), counter),
      incoming: z.array(z.strictObject({ eui, key: fingerprint, next: counter })),
      /** Requests accepted: the highest counter of each originator and target. */
      marks: z.record(z.string(), z.string().regex(/^\d{1,20}$/)),
      members: z.array(z.strictObject({ eui, short: z.int().min(1).max(0xfff7), joined: z.boolean() })),
      /** Entries of the device log and of the registers, as stored. */
      records: z.array(z.strictObject({ table: z.enum(['devices', 'registers', 'keystates']), key: z.string().max(400), value: base64 })),
      /** Install codes that were erased and must not come back. */
      erased: z.array(z.strictObject({ eui, code: fingerprint })),
      /** Number of the next report. */
      report: z.int().min(1),
    }),
  }),
});

/** A backup in the plain form. */
export type PlainBackup = z.output<typeof plainSchema>;
/** The body of a backup of this product. */
export type BackupBody = z.output<typeof bodySchema>;
/** What only this product knows. */
export type BackupState = BackupBody['stack_specific']['hearthgate'];

/** Holds a parsed value against a form. Throws Fault `input` that names `what` and the first place that is wrong; shows no value. */
export function checked<T extends z.ZodType>(schema: T, value: unknown, what: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Fault(
    'input',
    `${what}: ${issue?.path.join('.') || 'it'} ${issue?.code === 'custom' ? issue.message : 'is not as the format says'}`,
  );
}
