// SPDX-License-Identifier: GPL-3.0-only
// Connects to a node with dedot, reads metadata and constants, sends a transfer and waits for its finalization.
//
// Usage: node dedot.mjs --url WS_URL --signer DERIVATION --receiver ADDRESS --amount PLANCK
// Prints one line of JSON; exits with 1 and the reason when anything is not as it must be.
import { DedotClient, WsProvider } from 'dedot';
import { expect, keyPair, readOptions, report, step, timed } from './lib.mjs';

const options = readOptions({ required: ['url', 'signer', 'receiver', 'amount'] });
const signer = await keyPair(options.signer);

const provider = new WsProvider({ endpoint: options.url, maxRetryAttempts: 0 });
let connectMillis;
const begun = Date.now();
provider.on('connected', () => (connectMillis ??= Date.now() - begun));
const [client, millis] = await timed('connecting and loading metadata', () => DedotClient.new(provider));
// Without the newer JSON-RPC methods it would take the older ones, and only say so.
expect(client.rpcVersion === 'v2', `it speaks JSON-RPC ${client.rpcVersion}`);

step('reading constants');
const ss58 = client.consts.system.ss58Prefix;
const hasBabe = client.metadata.latest.pallets.some(({ name }) => name === 'Babe');
const slotMillis = hasBabe ? client.consts.babe.expectedBlockTime : client.consts.aura.slotDuration;
const properties = await client.chainSpec.properties();

step('reading a balance');
const before = (await client.query.system.account(signer.address)).data.free;

const [finalizedIn, finalizedMillis] = await timed('sending the transfer', transfer);

step('reading the balances after it');
const { query } = await client.at(finalizedIn);
const after = (await query.system.account(signer.address)).data.free;
const received = (await query.system.account(options.receiver)).data.free;

report({
  client: 'dedot',
  chain: await client.chainSpec.chainName(),
  specVersion: client.runtimeVersion.specVersion,
  ss58,
  symbol: properties.tokenSymbol,
  decimals: properties.tokenDecimals,
  slotMillis: Number(slotMillis),
  spent: before - after,
  received,
  finalizedIn,
  connectMillis,
  metadataMillis: millis - connectMillis,
  finalizedMillis,
});

// Resolves with the hash of the finalized block that has it.
function transfer() {
  return new Promise((resolve, reject) => {
    const tx = client.tx.balances.transferKeepAlive(options.receiver, BigInt(options.amount));
    const onUpdate = ({ status, dispatchError }) => {
      step(`transfer: ${status.type}`);
      if (dispatchError) reject(new Error(`the transfer failed: ${describe(dispatchError)}`));
      else if (status.type === 'Finalized') resolve(status.value.blockHash);
      else if (status.type === 'Invalid' || status.type === 'Drop') reject(new Error(status.value.error));
    };
    tx.signAndSend(signer, onUpdate).catch(reject);
  });
}

function describe(error) {
  const meta = client.registry.findErrorMeta(error);
  return meta ? `${meta.pallet}.${meta.name}` : error.type;
}
