'use strict';
// A device uploads files: one in a single piece, one in blocks.
const { Client } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { Readable } = require('stream');
const { say, play, fails } = require('./stage');

play(async ({ device }) => {
  const client = Client.fromConnectionString(device, Mqtt);
  await client.open();
  const small = Buffer.from('trace of one trip\n');
  await client.uploadToBlob('trips/one.txt', Readable.from([small]), small.length);
  say('small');
  const large = Buffer.alloc(9 << 20, 'x');
  await client.uploadToBlob('large file.bin', Readable.from([large.subarray(0, 5 << 20), large.subarray(5 << 20)]), large.length);
  say('large');
  const sas = await client.getBlobSharedAccessSignature('never.txt');
  say('sas', { blobName: sas.blobName, containerName: sas.containerName, hostName: sas.hostName });
  await fails('success without a blob', client.notifyBlobUploadStatus(sas.correlationId, true, 200, 'done'));
  await client.notifyBlobUploadStatus(sas.correlationId, false, 500, 'changed my mind');
  say('given up');
  await fails('unknown upload', client.notifyBlobUploadStatus('nonsense', true, 200, 'done'));
  await client.close();
});
