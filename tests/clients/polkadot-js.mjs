// SPDX-License-Identifier: GPL-3.0-only
// Connects to a node with @polkadot/api, reads metadata and constants, sends a transfer and waits for its finalization.
//
// With --metadata-hash it computes the metadata's hash as wallets do, and signs it too: the chain then takes the transfer
// only if its runtime was built with the same hash.
//
// Usage: node polkadot-js.mjs --url WS_URL --signer DERIVATION --receiver ADDRESS --amount PLANCK [--metadata-hash]
// Prints one line of JSON; exits with 1 and the reason when anything is not as it must be.
import { merkleizeMetadata } from '@polkadot-api/merkleize-metadata';
import { ApiPromise, WsProvider } from '@polkadot/api';
import { u8aToHex } from '@polkadot/util';
import { expect, keyPair, readOptions, report, step, timed } from './lib.mjs';

const options = readOptions({ required: ['url', 'signer', 'receiver', 'amount'], flags: ['metadata-hash'] });
const signer = await keyPair(options.signer);

const [provider, connectMillis] = await timed('connecting', async () => {
  const provider = new WsProvider(options.url);
  await provider.isReady;
  return provider;
});
const [api, metadataMillis] = await timed('loading metadata', () =>
  ApiPromise.create({ provider, noInitWarn: true, throwOnConnect: true }),
);

step('reading constants');
const ss58 = api.consts.system.ss58Prefix.toNumber();
const slotMillis = (api.consts.babe?.expectedBlockTime ?? api.consts.aura.slotDuration).toNumber();
const symbol = api.registry.chainTokens[0];
const decimals = api.registry.chainDecimals[0];
expect(api.registry.chainSS58 === ss58, `the SS58 prefix is ${ss58}, as a property ${api.registry.chainSS58}`);

step('reading a balance');
const before = (await api.query.system.account(signer.address)).data.free.toBigInt();

step('hashing metadata');
const metadataHash = options['metadata-hash'] ? await hashMetadata() : undefined;
if (metadataHash) {
  const another = metadataHash.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  const outcome = await transfer(another).then(() => 'success', (error) => error.message);
  expect(/bad signature/i.test(outcome), `with the hash of other metadata it ended as: ${outcome}`);
}
const [{ hash, finalized }, finalizedMillis] = await timed('sending the transfer', () => transfer(metadataHash));

step('reading the block');
const { block } = await api.rpc.chain.getBlock(finalized);
const included = block.extrinsics.find((extrinsic) => extrinsic.hash.eq(hash));
expect(included, 'the block does not hold the transfer');
expect(included.mode.toNumber() === (metadataHash ? 1 : 0), `its metadata mode is ${included.mode}`);

step('reading the balances after it');
const { query } = await api.at(finalized);
const after = (await query.system.account(signer.address)).data.free.toBigInt();
const received = (await query.system.account(options.receiver)).data.free.toBigInt();

report({
  client: 'polkadot-js',
  chain: (await api.rpc.system.chain()).toString(),
  specVersion: api.runtimeVersion.specVersion.toNumber(),
  ss58,
  symbol,
  decimals,
  slotMillis,
  metadataHash,
  spent: before - after,
  received,
  finalizedIn: finalized,
  connectMillis,
  metadataMillis,
  finalizedMillis,
});

// Resolves when the transfer is finalized. Signs the metadata's hash if one is given.
function transfer(metadataHash) {
  const signing = metadataHash ? { mode: 1, metadataHash } : {};
  return new Promise((resolve, reject) => {
    const tx = api.tx.balances.transferKeepAlive(options.receiver, BigInt(options.amount));
    tx.signAndSend(signer, signing, (result) => {
      step(`transfer: ${result.status.type}`);
      if (result.dispatchError) reject(new Error(describe(result.dispatchError)));
      else if (result.isError) reject(new Error(`transfer: ${result.status.type}`));
      else if (result.status.isFinalized) resolve({ hash: tx.hash, finalized: result.status.asFinalized.toHex() });
    }).catch(reject);
  });
}

async function hashMetadata() {
  const metadata = await api.call.metadata.metadataAtVersion(15);
  const extra = {
    base58Prefix: ss58,
    decimals,
    specName: api.runtimeVersion.specName.toString(),
    specVersion: api.runtimeVersion.specVersion.toNumber(),
    tokenSymbol: symbol,
  };
  return u8aToHex(merkleizeMetadata(metadata.unwrap().toHex(), extra).digest());
}

function describe(error) {
  if (!error.isModule) return error.toString();
  const { section, name, docs } = api.registry.findMetaError(error.asModule);
  return `${section}.${name}: ${docs.join(' ')}`;
}
