// SPDX-License-Identifier: GPL-3.0-only
// What PAPI does with a chain, whether a node or a light client inside of this process answers. Types come from the chain's
// metadata: nothing is generated beforehand.
import { Enum } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { expect, keyPair, step, timed } from './lib.mjs';

// Reads metadata, constants and balances, sends a transfer and waits for its finalization: the fields of the report.
export async function readAndTransfer(client, options) {
  const pair = await keyPair(options.signer);
  const api = client.getUnsafeApi();

  const [{ spec_version: specVersion }, metadataMillis] = await timed('loading metadata', () =>
    api.constants.System.Version(),
  );
  step('reading constants');
  const { name: chain, properties } = await client.getChainSpecData();
  const ss58 = await api.constants.System.SS58Prefix();
  const slotMillis = await readSlotMillis(api);

  step('reading a balance');
  const free = async (address) => (await api.query.System.Account.getValue(address)).data.free;
  const before = await free(pair.address);

  const dest = Enum('Id', options.receiver);
  const tx = api.tx.Balances.transfer_keep_alive({ dest, value: BigInt(options.amount) });
  const [fee] = await timed('estimating the fee', () => tx.getEstimatedFees(pair.address));

  const signer = getPolkadotSigner(pair.publicKey, 'Sr25519', (message) => pair.sign(message));
  const [sent, finalizedMillis] = await timed('sending the transfer', () => finalization(tx, signer));
  expect(sent.ok, `the transfer failed: ${JSON.stringify(sent.dispatchError)}`);

  // After the last finalized block, which is that of the transfer or one behind it.
  step('reading the balances after it');
  const spent = before - (await free(pair.address));
  const received = await free(options.receiver);

  return {
    chain,
    specVersion,
    ss58,
    symbol: properties.tokenSymbol,
    decimals: properties.tokenDecimals,
    slotMillis: Number(slotMillis),
    fee,
    spent,
    received,
    finalizedIn: sent.block.hash,
    metadataMillis,
    finalizedMillis,
  };
}

// Of whichever consensus the chain has.
async function readSlotMillis(api) {
  try {
    return await api.constants.Babe.ExpectedBlockTime();
  } catch {
    return await api.constants.Aura.SlotDuration();
  }
}

function finalization(tx, signer) {
  return new Promise((resolve, reject) => {
    tx.signSubmitAndWatch(signer).subscribe({
      next: (event) => {
        step(`transfer: ${event.type}`);
        if (event.type === 'finalized') resolve(event);
      },
      error: reject,
    });
  });
}
