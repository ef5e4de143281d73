/**
 * Install codes (ZigBee base device behaviour 10.1; Smart Energy 5.4.8.1): 6, 8, 12 or 16 bytes and their CRC-16/X-25,
 * least significant byte first. The link key is the AES-MMO hash of both.
 */
import { KeyReason } from '../abi/code.ts';
import { crc16 } from '../bytes/crc16.ts';
import { hash } from '../crypto/mmo.ts';

const CRC_LEN: i32 = 2;
const CRC_START: u32 = 0xffff;

/**
 * Writes the 16-byte link key of the install code of `len` bytes, CRC included. Answers 0, or a `KeyReason`: 1 wrong length
 * (INSTALL_LENGTH), 2 wrong CRC (INSTALL_CRC); then nothing is written. The caller wipes code and key.
 */
export function linkKey(code: usize, len: i32, key: usize): i32 {
  if (len !== 8 && len !== 10 && len !== 14 && len !== 18) return KeyReason.INSTALL_LENGTH;
  const crc = crc16(CRC_START, code, len - CRC_LEN) ^ 0xffff;
  if (crc !== <u32>load<u16>(code + len - CRC_LEN)) return KeyReason.INSTALL_CRC;
  hash(code, len, key);
  return 0;
}
