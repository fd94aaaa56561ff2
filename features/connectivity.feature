@connectivity
Feature: Devices come and go
  Trucks drive through tunnels and are switched off at night. What the back end asked
  for meanwhile must be handled as IoT Hub promises: calls fail at once and are
  forgotten, messages wait, and the twin is read when the device returns.

  Scenario: What a device gets, and does not get, when it is switched on again
    Given a refrigeration truck "truck-7"
    When "truck-7" is switched off
    And 10 minutes pass
    And the service tries to call "startDefrost" of "truck-7"
    Then the call fails because the device is not online
    When the service sends the message "Call the depot" to "truck-7"
    And the service sets the reporting interval of "truck-7" to 1 minute
    And the service sets the reporting interval of "truck-7" to 30 seconds
    And 20 minutes pass
    And "truck-7" is switched on
    Then "truck-7" receives the message "Call the depot" within 1 minute
    And "truck-7" acknowledges the desired property "telemetryInterval" within 1 minute
    And "truck-7" was never asked for "startDefrost"
    When 1 minute passes
    And 10 minutes pass
    Then the hub has received 20 telemetry messages from "truck-7" in the last 10 minutes

  Scenario: Nothing measured in a tunnel is lost
    Given a refrigeration truck "truck-7" with:
      | reports every | 1 minute |
    When 30 minutes pass
    And "truck-7" loses its connection
    And 15 minutes pass
    And "truck-7" has its connection back
    Then "truck-7" is online within 2 minutes
    When 15 minutes pass
    Then the hub has received 61 telemetry messages from "truck-7"

  @quick
  Scenario Outline: A status is answered at once over <protocol>
    Given a refrigeration truck "truck-7" with:
      | protocol | <protocol> |
    When the service calls "getStatus" of "truck-7"
    Then the answer has "alerts" set to []

    Examples:
      | protocol   |
      | MQTT 5     |
      | MQTT 3.1.1 |
