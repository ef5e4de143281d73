import { describe, expect, test } from 'vitest';
import { announcement, answerZdp, Zdp, type Description } from '../../../firmware/devices/zdp.ts';
import { eui64, hex, unhex } from '../../../host/model/ids.ts';

const SELF: Description = {
  eui: eui64('0200000000000042'),
  shortAddress: 0x1234,
  capability: 0x8c,
  manufacturer: 0x1d01,
  endpoint: 1,
  profile: 0x0109,
  device: 0x0506,
  serverClusters: [0x0000],
  clientClusters: [0x0019, 0x0702],
};

const ask = (cluster: number, request: string): string | undefined => {
  const answer = answerZdp({ cluster, payload: unhex(request) }, SELF);
  return answer && `${answer.cluster.toString(16)} ${hex(answer.payload)}`;
};

describe('the device profile of a device', () => {
  test('announces its addresses and capability', () => {
    const { cluster, payload } = announcement(7, SELF);
    expect([cluster, hex(payload)]).toEqual([0x0013, '0734124200000000000002' + '8c']);
  });

  test.each([
    ['its short address, asked by EUI-64', Zdp.NWK_ADDRESS, '0942000000000000020000', '8000 09004200000000000002' + '3412'],
    ['its short address with its neighbours', Zdp.NWK_ADDRESS, '0942000000000000020100', '8000 09004200000000000002' + '341200'],
    ['an address in a way that does not exist', Zdp.NWK_ADDRESS, '0942000000000000020200', '8000 09804200000000000002' + '3412'],
    ['nothing about another EUI-64', Zdp.NWK_ADDRESS, '0943000000000000020000', undefined],
    ['its EUI-64, asked by short address', Zdp.IEEE_ADDRESS, '0a34120000', '8001 0a004200000000000002' + '3412'],
    ['nothing about another short address', Zdp.IEEE_ADDRESS, '0a35120000', undefined],
    ['its node descriptor', Zdp.NODE_DESCRIPTOR, '013412', '8002 01003412' + '02408c011d528000000080' + '0000'],
    ['that another node is unknown', Zdp.NODE_DESCRIPTOR, '013512', '8002 01803512'],
    ['its endpoint', Zdp.ACTIVE_ENDPOINTS, '023412', '8005 0200341201' + '01'],
    ['no endpoint of another', Zdp.ACTIVE_ENDPOINTS, '023512', '8005 02803512' + '00'],
    ['its simple descriptor', Zdp.SIMPLE_DESCRIPTOR, '03341201', '8004 0300341' + '20e01090106050001000002' + '19000207'],
    ['that it has no other endpoint', Zdp.SIMPLE_DESCRIPTOR, '03341209', '8004 03823412' + '00'],
    ['a match of a client cluster', Zdp.MATCH_DESCRIPTOR, '0434120901' + '00' + '011900', '8006 04003412' + '0101'],
    ['a match of a server cluster', Zdp.MATCH_DESCRIPTOR, '0434120901' + '010000' + '00', '8006 04003412' + '0101'],
    ['no match of other clusters', Zdp.MATCH_DESCRIPTOR, '0434120901' + '010a00' + '00', '8006 04003412' + '00'],
    ['no match of another profile', Zdp.MATCH_DESCRIPTOR, '0434120401' + '010000' + '00', '8006 04003412' + '00'],
    ['nothing to what it does not know', 0x0031, '0500', undefined],
    ['nothing to an empty request', Zdp.NODE_DESCRIPTOR, '', undefined],
    ['nothing to a request that breaks off', Zdp.SIMPLE_DESCRIPTOR, '0334', undefined],
    ['no match for a list that breaks off', Zdp.MATCH_DESCRIPTOR, '0434120901' + 'ff19', '8006 04003412' + '00'],
  ])('tells %s', (_, cluster, request, answer) => {
    expect(ask(cluster, request)).toBe(answer);
  });
});
