/**
 * The ZCL general commands that this product builds and understands (ZCL 2.5): reading and reporting attributes, and the
 * default response. Values are as `data-type.ts` says; records stand in wire order.
 */
import { decoder, encoder } from './codec.ts';
import { DATA_TYPES, UNKNOWN_VALUE } from './data-type.ts';
import { choose, each, hex, is, when, type Format, type Value } from './item.ts';

export { DataType } from './data-type.ts';
export { GlobalCommand } from './foundation-table.ts';

/** An attribute and its value: a record of Report Attributes and of Write Attributes. */
export interface AttributeReport {
  readonly attribute: number;
  readonly type: number;
  readonly value: Value;
}

/** An attribute asked for and what came of it: type and value when status is 0. */
export interface AttributeStatus {
  readonly attribute: number;
  readonly status: number;
  readonly type?: number;
  readonly value?: Value;
}

/** Default Response: the command it answers, and a ZCL status. */
export interface DefaultResponse {
  readonly command: number;
  readonly status: number;
}

interface Records<T> {
  readonly records: readonly T[];
}

const attribute = hex(2, '', 'attribute');
const status = hex(1, '', 'status');
const typed: Format = [hex(1, '', 'type'), choose('type', DATA_TYPES, UNKNOWN_VALUE)];
const read: Format = [each('rest', 'records', attribute)];
const answer: Format = [each('rest', 'records', attribute, status, when(is('status', 0), typed))];
const report: Format = [each('rest', 'records', attribute, ...typed)];
const fallback: Format = [hex(1, '', 'command'), status];

/** Makes the payload of Read Attributes. */
export const encodeReadAttributes = (attributes: readonly number[]): Uint8Array =>
  encoder<Records<{ attribute: number }>>(read)({ records: attributes.map((attribute) => ({ attribute })) });

/** Reads the payload of Read Attributes; undefined when it ends inside an identifier. */
export const decodeReadAttributes = (payload: Uint8Array): readonly number[] | undefined =>
  decoder<Records<{ attribute: number }>>(read)(payload)?.records.map(({ attribute }) => attribute);

/** Makes the payload of Read Attributes Response. */
export const encodeReadAttributesResponse = (records: readonly AttributeStatus[]): Uint8Array =>
  encoder<Records<AttributeStatus>>(answer)({ records });

/** Reads the payload of Read Attributes Response; undefined when it ends inside a record. After a value of unknown type nothing is read. */
export const decodeReadAttributesResponse = (payload: Uint8Array): readonly AttributeStatus[] | undefined =>
  decoder<Records<AttributeStatus>>(answer)(payload)?.records;

/** Makes the payload of Report Attributes. */
export const encodeReportAttributes = (records: readonly AttributeReport[]): Uint8Array =>
  encoder<Records<AttributeReport>>(report)({ records });

/** Reads the payload of Report Attributes; undefined when it ends inside a record. */
export const decodeReportAttributes = (payload: Uint8Array): readonly AttributeReport[] | undefined =>
  decoder<Records<AttributeReport>>(report)(payload)?.records;

/** Makes the payload of Default Response. */
export const encodeDefaultResponse = encoder<DefaultResponse>(fallback);

/** Reads the payload of Default Response; undefined when it is too short. */
export const decodeDefaultResponse = decoder<DefaultResponse>(fallback);
