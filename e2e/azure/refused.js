'use strict';
// Wrong credentials, for a device and for a service.
const { Client } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const { Registry } = require('azure-iothub');
const { play, fails, say } = require('./stage');

play(async ({ good, wrongKey, unknown, wrongPolicyKey, unknownPolicy }) => {
  for (const [what, connection] of Object.entries({ wrongKey, unknown })) {
    await fails(what, Client.fromConnectionString(connection, Mqtt).open());
  }
  for (const [what, connection] of Object.entries({ wrongPolicyKey, unknownPolicy })) {
    await fails(what, Registry.fromConnectionString(connection).list());
  }
  const client = Client.fromConnectionString(good, Mqtt);
  await client.open();
  say('good');
  await client.close();
});
