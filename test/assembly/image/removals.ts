/**
 * The checks of image verification as they stand in the source, and a file for each that nothing else should stop: made by
 * somebody who has the signer's key, so that signature and integrity code fit unless they are what is wrong.
 */
import { ImageFlag } from '../../../assembly/abi/code.ts';
import type { SuiteNumber } from '../../../host/model/image.ts';
import { Usage } from '../../../firmware/image/authority.ts';
import { issued, OTHER_EUI, signer, SIGNER_EUI, signers } from '../../firmware/kit/signing.ts';
import { pattern } from '../crypto/oracle.ts';
import { element, otaFile, type Element, type FileParts } from './ota-file.ts';
import type { Trust } from './report.ts';
import { TRUST } from './signed-files.ts';

/** A check, how it is taken out, and the file that it alone should stop. */
export interface Removal {
  /** The name of its test. */
  readonly name: string;
  /** The reason that it gives. */
  readonly reason: string;
  /** Source file under assembly/, the text of the check, and that text with `OFF` where it is switched off. */
  readonly source: string;
  readonly text: string;
  readonly without: string;
  readonly file: () => Uint8Array;
  readonly flags?: number;
  readonly trust?: Trust;
  /** It stops the file early; another check would at its end. What counts is the answer of the last update. */
  readonly early?: true;
}

const SIZES = { 1: { scalar: 21, tags: [2, 1] }, 2: { scalar: 36, tags: [6, 5] } } as const;
const image: Element = { tag: 0, data: pattern(40) };
const sized = (tag: number, length: number): Element => ({ tag, data: pattern(length) });

interface Signed {
  readonly suite?: SuiteNumber;
  readonly keys?: (typeof signers)[SuiteNumber];
  /** Elements behind the certificate and before the signature, and behind the signature. */
  readonly between?: readonly Element[];
  readonly behind?: readonly Element[];
  /** Leaves the certificate out, or changes it before it is signed. */
  readonly certificate?: (certificate: Uint8Array) => Uint8Array | undefined;
  readonly signer?: Uint8Array;
}

/** The parts of a file with certificate and signature behind them, signed whatever the rest says. */
function signed(parts: FileParts = {}, how: Signed = {}): Uint8Array {
  const { suite = 2, keys = signers[suite], between = [], behind = [], certificate = (given) => given } = how;
  const { scalar, tags } = SIZES[suite];
  const own = certificate(Uint8Array.from(keys.certificate));
  const data = Buffer.concat([how.signer ?? Buffer.from(keys.subject, 'hex').reverse(), Buffer.alloc(2 * scalar)]);
  const elements = [...(own === undefined ? [] : [{ tag: tags[0], data: own }]), ...between, { tag: tags[1], data }, ...behind];
  const length = elements.reduce((sum, each) => sum + element(each).length, 0);
  const bare = otaFile(parts);
  const body = otaFile({ total: bare.length + length, ...parts });
  const file = Uint8Array.from(Buffer.concat([body, ...elements.map(element)]));
  const end = file.length - behind.reduce((sum, each) => sum + element(each).length, 0);
  sign(file, suite, keys.privateKey, end);
  return file;
}

/** Puts r and s over everything before them into the last bytes below `end`. */
function sign(file: Uint8Array, suite: SuiteNumber, key: Uint8Array, end = file.length): void {
  const at = end - 2 * SIZES[suite].scalar;
  const made = signer.sign(suite, key, signer.mmo(file.subarray(0, at)));
  if (!made.ok) throw new Error(made.code);
  file.set(made.value, at);
}

const sealed: FileParts = { integrity: 'before-tag' };

const guard = (source: string, condition: string, then: string): Pick<Removal, 'source' | 'text' | 'without'> => ({
  source,
  text: `if (${condition}) ${then}`,
  without: `if (!OFF && (${condition})) ${then}`,
});
const reasonOf = (source: string, before: string, condition: string, then: string): Pick<Removal, 'source' | 'text' | 'without'> => ({
  source,
  text: `${before}if (${condition}) reason = ${then};`,
  without: `${before}if (!OFF && (${condition})) reason = ${then};`,
});

/** Every check of assembly/image, in the order of the report. */
export const REMOVALS: readonly Removal[] = [
  {
    name: 'a file with another identifier is refused',
    reason: 'MAGIC',
    source: 'image/header.ts',
    text: 'const right = len >= MAGIC_LEN && load<u32>(at) === MAGIC_VALUE;',
    without: 'const right = OFF || (len >= MAGIC_LEN && load<u32>(at) === MAGIC_VALUE);',
    file: () => signed({ ...sealed, magic: 0x0beef11f }),
  },
  {
    name: 'a file that ends within its header is refused',
    reason: 'HEADER_TRUNCATED',
    source: 'image/header.ts',
    text: 'if (readMagic(at, len)) checks.note(',
    without: 'if (readMagic(at, len) && !OFF) checks.note(',
    file: () => signed(sealed).subarray(0, 40),
  },
  {
    name: 'a newer header version is refused',
    reason: 'HEADER_VERSION',
    ...guard('image/header.ts', '<u32>load<u16>(at, VERSION) !== VERSION_VALUE', 'return'),
    file: () => signed({ ...sealed, headerVersion: 0x0200 }),
  },
  {
    name: 'a reserved bit of the field control is refused',
    reason: 'FIELD_CONTROL',
    ...guard('image/header.ts', 'fields & ~(HAS_CREDENTIAL | HAS_DESTINATION | HAS_HARDWARE)', 'return'),
    file: () => signed({ ...sealed, fieldControl: 8 }),
  },
  {
    name: 'a header longer than its fields is refused',
    reason: 'HEADER_LENGTH',
    ...guard('image/header.ts', 'len !== <u32>(FIXED_LEN + optionalLen(fields))', 'return'),
    file: () => signed({ ...sealed, hardware: [1, 2], fieldControl: 0 }),
  },
  {
    name: 'hardware versions the wrong way round are refused',
    reason: 'HARDWARE_RANGE',
    ...guard('image/header.ts', 'lowest > highest', 'return'),
    file: () => signed({ ...sealed, hardware: [5, 4] }),
  },
  {
    name: 'an impossible total size is refused as soon as it is read',
    reason: 'TOTAL_SIZE',
    ...guard('image/header.ts', 'total < len || total >= TOTAL_END', 'return'),
    file: () => signed({ ...sealed, total: 20 }),
    early: true,
  },
  {
    name: 'a file of another length than its total size is refused',
    reason: 'TOTAL_SIZE',
    source: 'image/verification.ts',
    text: 'const reason = len === total() ? 0 : ImageReason.TOTAL_SIZE;',
    without: 'const reason = OFF || len === total() ? 0 : ImageReason.TOTAL_SIZE;',
    file: () => signed(sealed).subarray(0, -1),
  },
  {
    name: 'bytes behind the total size are refused as soon as they come',
    reason: 'TOTAL_SIZE',
    source: 'image/verification.ts',
    text: 'if (phase === Phase.END) checks.note(',
    without: 'if (phase === Phase.END && !OFF) checks.note(',
    file: () => Uint8Array.of(...signed(sealed), 0),
    early: true,
  },
  {
    name: 'a header with nothing behind it is refused',
    reason: 'EMPTY',
    ...guard('image/verification.ts', 'remaining() === 0', 'return refuse(ImageReason.EMPTY, 0)'),
    file: () => otaFile({ elements: [] }),
    flags: ImageFlag.UNSIGNED | ImageFlag.WITHOUT_INTEGRITY,
  },
  {
    name: 'a body without elements is refused unless it was asked for',
    reason: 'RAW_BODY',
    ...guard('image/elements.ts', 'tag >= TAG_RESERVED && tag < TAG_MANUFACTURER', 'return'),
    file: () => signed({ ...sealed, elements: [sized(0x4242, 9)] }),
  },
  {
    name: 'a reserved tag behind other elements is refused',
    reason: 'TAG',
    ...guard('image/elements.ts', 'tag >= TAG_RESERVED && tag < TAG_MANUFACTURER', 'return'),
    file: () => signed({ ...sealed, elements: [image, sized(0xefff, 9)] }),
  },
  {
    name: 'fewer bytes than an element header has are refused',
    reason: 'ELEMENT_TRUNCATED',
    source: 'image/verification.ts',
    text: 'else if (left < elements.HEADER_LEN) refuse(ImageReason.ELEMENT_TRUNCATED, left);',
    without: 'else if (left < elements.HEADER_LEN && !OFF) refuse(ImageReason.ELEMENT_TRUNCATED, left);',
    file: () => otaFile({ tail: pattern(2) }),
    flags: ImageFlag.UNSIGNED | ImageFlag.WITHOUT_INTEGRITY,
  },
  {
    name: 'an element that reaches behind the total size is refused',
    reason: 'ELEMENT_OVERRUN',
    ...guard('image/elements.ts', 'length > room', 'return'),
    file: () => otaFile({ elements: [{ ...image, length: 41 }] }),
    flags: ImageFlag.UNSIGNED | ImageFlag.WITHOUT_INTEGRITY,
  },
  {
    name: 'an integrity code of another size is refused',
    reason: 'INTEGRITY_SIZE',
    ...guard('image/elements.ts', 'tag === TAG_INTEGRITY && length !== INTEGRITY_LEN', 'return'),
    file: () => signed({ elements: [image, sized(3, 15)] }),
  },
  ...([1, 2] as const).map((suite): Removal => ({
    name: `a signature of suite ${suite} of another size is refused`,
    reason: 'SIGNATURE_SIZE',
    ...guard('image/elements.ts', `tag === TAG_SIGNATURE_${suite} && length !== SIGNATURE_${suite}_LEN`, 'return'),
    file: () => signed({ ...sealed, elements: [image, sized(SIZES[suite].tags[1], 20)] }, { suite }),
  })),
  ...([1, 2] as const).map((suite): Removal => ({
    name: `a certificate of suite ${suite} of another size is refused`,
    reason: 'CERTIFICATE_SIZE',
    ...guard('image/elements.ts', `tag === TAG_CERTIFICATE_${suite} && length !== <u32>CERTIFICATE${suite}_LEN`, 'return'),
    file: () => signed(sealed, { suite: suite === 1 ? 2 : 1, between: [sized(SIZES[suite].tags[0], 20)] }),
  })),
  {
    name: 'an element behind the integrity code that is neither certificate nor signature is refused',
    reason: 'INTEGRITY_NOT_LAST',
    ...guard('image/verification.ts', 'integrity.met() && !mayFollowIntegrity()', 'return refuse'),
    file: () => signed(sealed, { between: [sized(0xf000, 4)] }),
  },
  {
    name: 'a file without integrity code is refused unless it is excused',
    reason: 'INTEGRITY_MISSING',
    source: 'image/integrity.ts',
    text: 'if (optional) checks.absent(',
    without: 'if (optional || OFF) checks.absent(',
    file: () => signed(),
  },
  {
    name: 'an integrity code that fits no convention is refused',
    reason: 'INTEGRITY_MISMATCH',
    source: 'image/integrity.ts',
    text: 'const reason = convention === Integrity.MISMATCH ?',
    without: 'const reason = !OFF && convention === Integrity.MISMATCH ?',
    file: () => signed({ elements: [image, sized(3, 16)] }),
  },
  {
    name: 'a file without signature is refused unless it is excused',
    reason: 'SIGNATURE_MISSING',
    ...guard('image/signature.ts', '!(get(STATE_FLAGS) & ImageFlag.UNSIGNED)', 'checks.note'),
    file: () => otaFile(sealed),
  },
  {
    name: 'two signatures are refused',
    reason: 'SIGNATURES',
    ...reasonOf('image/signature.ts', '', 'get(STATE_SIGNATURES) > 1', 'ImageReason.SIGNATURES'),
    file: () => signed(sealed, { between: [{ tag: 5, data: Buffer.concat([Buffer.from(SIGNER_EUI, 'hex').reverse(), pattern(72)]) }] }),
  },
  {
    name: 'an element behind the signature is refused',
    reason: 'SIGNATURE_NOT_LAST',
    ...reasonOf('image/signature.ts', 'else ', 'end !== len', 'ImageReason.SIGNATURE_NOT_LAST'),
    file: () => signed({}, { behind: [sized(0xf000, 4)] }),
    flags: ImageFlag.WITHOUT_INTEGRITY,
  },
  {
    name: 'a signature without certificate of its suite is refused',
    reason: 'CERTIFICATE_MISSING',
    ...reasonOf('image/signature.ts', '', 'count === 0', 'ImageReason.CERTIFICATE_MISSING'),
    file: () => signed(sealed, { certificate: () => undefined, between: [{ tag: 2, data: signers[1].certificate }] }),
  },
  {
    name: 'two certificates of the suite are refused',
    reason: 'CERTIFICATES',
    ...reasonOf('image/signature.ts', 'else ', 'count > 1', 'ImageReason.CERTIFICATES'),
    file: () => signed(sealed, { certificate: (own) => own.map(() => 7), between: [{ tag: 6, data: signers[2].certificate }] }),
  },
  {
    name: 'a certificate whose fields are not those of its suite is refused',
    reason: 'CERTIFICATE_FIELDS',
    ...reasonOf('image/signature.ts', 'else ', 'wire.check(suite, data, wire.lengthOf(suite))', 'ImageReason.CERTIFICATE_FIELDS'),
    file: () => signed(sealed, { certificate: (own) => own.map((byte, i) => (i === 10 ? 7 : byte)) }),
  },
  {
    name: 'a signer who is not the subject of the certificate is refused',
    reason: 'SUBJECT',
    source: 'image/signature.ts',
    text: 'const same = load<u64>(IMG, IMG_SIGNED_BY) === load<u64>(IMG, IMG_SUBJECT);',
    without: 'const same = OFF || load<u64>(IMG, IMG_SIGNED_BY) === load<u64>(IMG, IMG_SUBJECT);',
    file: () => signed(sealed, { signer: Buffer.from(OTHER_EUI, 'hex').reverse() }),
    trust: { ...TRUST, signers: [SIGNER_EUI, OTHER_EUI] },
  },
  {
    name: 'an issuer that is not pinned is refused',
    reason: 'ISSUER',
    source: 'image/anchors.ts',
    text: 'return load<u64>(entry, AUTHORITY_ISSUER) === load<u64>(IMG, IMG_ISSUER) ?',
    without: 'return OFF || load<u64>(entry, AUTHORITY_ISSUER) === load<u64>(IMG, IMG_ISSUER) ?',
    file: () => signed(sealed),
    trust: { ...TRUST, authorities: (TRUST.authorities ?? []).map((each) => ({ ...each, issuer: '0200000000000caf' })) },
  },
  {
    name: 'a signer who is not on the list is refused',
    reason: 'SIGNER',
    source: 'image/signature.ts',
    text: 'anchors.isListed() ? 0 :',
    without: 'OFF || anchors.isListed() ? 0 :',
    file: () => signed(sealed, { keys: issued(2, OTHER_EUI) }),
  },
  {
    name: 'a certificate that does not allow signing is refused',
    reason: 'KEY_USAGE',
    source: 'image/signature.ts',
    text: 'checks.note(ImageCheck.KEY_USAGE, signs ? 0 :',
    without: 'checks.note(ImageCheck.KEY_USAGE, OFF || signs ? 0 :',
    file: () => signed(sealed, { keys: issued(2, SIGNER_EUI, Usage.AGREEMENT) }),
  },
  {
    name: 'a certificate whose point is none is refused',
    reason: 'PUBLIC_KEY',
    source: 'keys/certified-signature.ts',
    text: 'if (code !== 0) return code;',
    without: 'if (!OFF && code !== 0) return code;',
    file: () => signed(sealed, { certificate: (own) => own.map((byte, i) => (i === 37 ? 7 : byte)) }),
  },
  {
    name: 'an r or s outside its range is refused',
    reason: 'SIGNATURE_RANGE',
    ...guard('crypto/ecdsa.ts', '!scalar.isInRange<C>(r) || !scalar.isInRange<C>(s)', 'return'),
    file: () => {
      const file = signed(sealed);
      file.fill(0, file.length - 36);
      return file;
    },
  },
  {
    name: 'a signature that does not verify is refused',
    reason: 'SIGNATURE',
    source: 'image/signature.ts',
    text: 'checks.note(ImageCheck.ECDSA, reason,',
    without: 'checks.note(ImageCheck.ECDSA, OFF ? 0 : reason,',
    file: () => {
      const file = signed(sealed);
      file[file.length - 1]! ^= 1;
      return file;
    },
  },
];
