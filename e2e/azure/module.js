'use strict';
// A service registers a module of a device; the module sends from an output, hears
// on an input, has a twin and answers methods.
const { ModuleClient, Message } = require('azure-iot-device');
const { Mqtt } = require('azure-iot-device-mqtt');
const service = require('azure-iothub');
const { say, cue, play, fails, called } = require('./stage');

play(async (settings) => {
  const registry = service.Registry.fromConnectionString(settings.service);
  await fails('no device', registry.addModule({ deviceId: 'nobody', moduleId: 'reader' }));
  const { responseBody: made } = await registry.addModule({ deviceId: 'gate-1', moduleId: 'reader', managedBy: 'twinrig' });
  say('made', { deviceId: made.deviceId, moduleId: made.moduleId, managedBy: made.managedBy, type: made.authentication.type });
  await fails('made twice', registry.addModule({ deviceId: 'gate-1', moduleId: 'reader' }));
  const { responseBody: list } = await registry.getModulesOnDevice('gate-1');
  say('list', { ids: list.map((m) => m.moduleId) });

  const text = `${settings.device.replace(/;SharedAccessKey=.*/, '')};ModuleId=reader;SharedAccessKey=${made.authentication.symmetricKey.primaryKey}`;
  const client = ModuleClient.fromConnectionString(text, Mqtt);
  client.onMethod('reset', (request, response) => response.send(200, { was: request.payload }, () => {}));
  client.on('inputMessage', (input, message) => {
    say('input', { input, body: message.getData().toString(), id: message.messageId, properties: message.properties.propertyList });
    client.complete(message, () => say('completed'));
  });
  await client.open();
  await client.sendOutputEvent('cards', new Message('{"card":7}'));
  const twin = await client.getTwin();
  say('twin', { desired: twin.properties.desired });
  await called((done) => twin.properties.reported.update({ firmware: '2' }, done));
  say('open');
  await cue(); // a message is sent to the input
  const back = service.Client.fromConnectionString(settings.service);
  const { result } = await back.invokeDeviceMethod('gate-1', 'reader', { methodName: 'reset', payload: 3 });
  say('method', { result });
  const { responseBody: seen } = await registry.getModuleTwin('gate-1', 'reader');
  say('seen', { moduleId: seen.moduleId, state: seen.connectionState, firmware: seen.properties.reported.firmware });
  const { responseBody: changed } = await registry.updateModuleTwin('gate-1', 'reader', { tags: { lane: 2 } }, seen.etag);
  say('changed', { tags: changed.tags });
  await cue(); // the input was heard
  await client.close();

  await registry.updateModule({ ...made, managedBy: 'nobody' }, true);
  say('updated', { managedBy: (await registry.getModule('gate-1', 'reader')).responseBody.managedBy });
  await registry.removeModule('gate-1', 'reader');
  await fails('removed', registry.getModule('gate-1', 'reader'));
});
