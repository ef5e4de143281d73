/** Who has which short address, and who is therefore taken to have sent a frame. */
import { describe, expect, test } from 'vitest';
import { AddressBook, sendersAt, sendersOfNwk } from '../../../host/decode/addresses.ts';
import { eui64 } from '../../../host/model/ids.ts';

const [ONE, TWO, THREE] = [eui64('0200000000000001'), eui64('0200000000000002'), eui64('0200000000000003')] as const;
const PAN = 0x1a62;
const books = () => ({ mac: new AddressBook(), nwk: new AddressBook() });

describe('an address book', () => {
  test('knows who has a short address in a PAN, the last who was told of', () => {
    const book = new AddressBook();
    book.note(PAN, 0x1234, ONE);
    book.note(0x1a63, 0x1234, TWO);
    expect([book.find(PAN, 0x1234), book.find(0x1a63, 0x1234), book.find(PAN, 0x1235)]).toEqual([ONE, TWO, undefined]);
    book.note(PAN, 0x1234, THREE);
    expect(book.find(PAN, 0x1234)).toBe(THREE);
  });

  test('forgets what it learned first when it is full', () => {
    const book = new AddressBook();
    for (let i = 0; i <= 16_384; i++) book.note(i >> 8, i & 0xff, ONE);
    expect([book.find(0, 0), book.find(0, 1), book.find(64, 0)]).toEqual([undefined, ONE, ONE]);
  });
});

describe('the senders of a frame', () => {
  test('are known by what the MAC told before, unless the NWK layer told of the whole way', () => {
    const addresses = books();
    addresses.mac.note(PAN, 1, ONE);
    addresses.mac.note(PAN, 2, TWO);
    const senders = sendersAt(PAN, 1, addresses);
    sendersOfNwk(senders, 2, undefined, true, addresses);
    expect([senders.hop, senders.way]).toEqual([ONE, TWO]);
    addresses.nwk.note(PAN, 2, THREE);
    const again = sendersAt(PAN, 1, addresses);
    sendersOfNwk(again, 2, undefined, true, addresses);
    expect([again.hop, again.way]).toEqual([ONE, THREE]);
  });

  test('are known by the NWK header that names its source, which later frames go by', () => {
    const addresses = books();
    const senders = sendersAt(PAN, 2, addresses);
    sendersOfNwk(senders, 2, TWO, true, addresses);
    expect([senders.hop, senders.way, addresses.nwk.find(PAN, 2)]).toEqual([TWO, TWO, TWO]);
  });

  test.each([0xfffc, 0xfffd, 0xffff])('are not learned from a source that is no device (0x%s)', (source) => {
    const addresses = books();
    const senders = sendersAt(PAN, 1, addresses);
    sendersOfNwk(senders, source, TWO, true, addresses);
    expect([senders.way, addresses.nwk.find(PAN, source)]).toEqual([undefined, undefined]);
  });

  test('of a frame from an extended address have no hop to look for', () => {
    const addresses = books();
    addresses.nwk.note(PAN, 0, ONE);
    const senders = sendersAt(PAN, undefined, addresses);
    sendersOfNwk(senders, 5, undefined, false, addresses);
    expect([senders.hop, senders.way]).toEqual([undefined, undefined]);
  });
});
