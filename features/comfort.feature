@comfort
Feature: Comfort
  An air conditioner keeps an office at its setpoint by its own thermostat. The
  device reports the room and raises the alarm when the unit cannot keep it.

  Scenario: A summer day in the office
    Given a room air conditioner "ac-2" with:
      | reports every | 5 minutes |
    When 24 hours pass
    Then the room temperature of "ac-2" stayed below 25.5 °C
    And the hub has received 288 telemetry messages from "ac-2"
    And no alert of "ac-2" was raised

  Scenario: The service asks for a cooler room
    Given a room air conditioner "ac-2"
    When the service sets the desired property "setpoint" of "ac-2" to 22
    Then "ac-2" acknowledges the desired property "setpoint" within 10 seconds
    And the room temperature of "ac-2" goes below 22.5 °C within 6 hours

  Scenario: A blocked drain stops the unit before water drips from the ceiling
    Given a room air conditioner "ac-2"
    When the outdoor humidity of "ac-2" is set to 70 %
    And the blocked drain of "ac-2" is set to 100 %
    Then the alert "condensateHigh" of "ac-2" is raised within 24 hours
    And the condensate level of "ac-2" stayed below 101 %

  @negative-control
  Scenario: A window left open on a hot day
    Given a room air conditioner "ac-2"
    When the mean outdoor temperature of "ac-2" is set to 36 °C
    And the open window of "ac-2" is set to 100 %
    And 24 hours pass
    Then the room temperature of "ac-2" stayed below 25.5 °C
