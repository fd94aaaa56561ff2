Feature: A device without Go
  Scenario: A cold room from a device file reports in the units of its model
    Given a device "room-1" from "examples/devices/cold-room.yaml" with:
      | mean ambient temperature | 25 °C |
    When 1 hour passes
    Then the hub has received 133 telemetry messages from "room-1"
    When the cargo door of "room-1" is opened
    Then the alert "doorOpen" of "room-1" is raised within 3 minutes
    When the service sets the desired property "setpoint" of "room-1" to 500
    Then "room-1" refuses the desired property "setpoint" within 10 seconds
    When the service sets the desired property "setpoint" of "room-1" to 14
    Then "room-1" acknowledges the desired property "setpoint" within 10 seconds
